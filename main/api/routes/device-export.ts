import { Readable } from 'node:stream';
import type { AccessGate, Viewer } from '../../access/types.ts';
import type { AuditLog } from '../../audit/types.ts';
import type { Device } from '../../contract/device.ts';
import type { ImportField } from '../../devices/import/header.ts';
import type { DeviceStore, StatusLookup } from '../../devices/types.ts';
import { auditEvent } from '../audit-event.ts';
import { CSV_START, csvLine } from '../csv.ts';
import { noRight } from '../problem.ts';
import type { Api } from '../server.ts';

export interface DeviceExportServices {
  devices: DeviceStore;
  gate: AccessGate;
  audit: AuditLog;
  health: StatusLookup;
}

/** Devices read at a time. */
const PAGE = 1_000;

/** Russian spreadsheets take a point between digits for a date. */
const decimal = (value: number | null): string | null =>
  value === null ? null : String(value).replace('.', ',');
const yes = (value: boolean): string => (value ? 'yes' : 'no');

/**
 * The import's columns, in its order, without streams: their addresses and passwords never leave the hub, and a cell
 * that is not there leaves them as they are.
 */
const COLUMNS: readonly [ImportField, (device: Device) => string | number | null][] = [
  ['id', ({ id }) => id],
  ['kind', ({ kind }) => kind],
  ['name', ({ name }) => name],
  ['address', ({ address }) => address],
  ['lat', ({ lat }) => decimal(lat)],
  ['lon', ({ lon }) => decimal(lon)],
  ['azimuth', ({ azimuthDeg }) => decimal(azimuthDeg)],
  ['owner', ({ owner }) => owner],
  ['contractor', ({ contractor }) => contractor],
  ['district', ({ districtId }) => districtId],
  ['parent', ({ parentId }) => parentId],
  ['groups', ({ groupIds }) => groupIds.join('|')],
  ['model', ({ model }) => model],
  ['serial', ({ serial }) => serial],
  ['mac', ({ mac }) => mac],
  ['sound', ({ sound }) => yes(sound)],
  ['recorded', ({ recorded }) => yes(recorded)],
  ['retention', ({ retentionDays }) => retentionDays],
];

/** The registry as a file that the import reads: of the devices that the person may edit. */
export function deviceExportRoutes(app: Api, services: DeviceExportServices): void {
  const { devices, gate, audit, health } = services;

  async function* lines(viewer: Viewer): AsyncGenerator<string> {
    const version = gate.rightsVersion(viewer);
    yield CSV_START + csvLine(COLUMNS.map(([field]) => field));
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      // Cut off rather than ended: nobody is to take a part of the registry for all of it.
      if (!gate.alive(viewer) || gate.rightsVersion(viewer) !== version)
        throw noRight('device.edit', 'no-grant');
      const query = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
      const page = await devices.list(query, gate.visible(viewer, 'device.edit'), health);
      cursor = page.nextCursor;
      yield page.items.map((device) => csvLine(COLUMNS.map(([, cell]) => cell(device)))).join('');
    }
  }

  app.get(
    '/api/devices.csv',
    {
      config: { access: { action: 'device.edit' } },
      schema: {
        description:
          'The devices that the person may edit, in the columns of the import and without their streams',
      },
    },
    async (request, reply) => {
      const { viewer } = request;
      const count = gate.visible(viewer, 'device.edit').size;
      await audit.record(auditEvent(request, 'device.export', 'devices', { devices: count }));
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', 'attachment; filename="kalancha-devices.csv"')
        .type('text/csv; charset=utf-8')
        .send(Readable.from(lines(viewer)));
    },
  );
}
