import { type DeviceKind, DeviceKinds } from '../../main/contract/device.ts';
import { type HealthStatus, HealthStatuses } from '../../main/contract/health.ts';
import { type Band, Bands } from '../../main/contract/radio-plan.ts';

/** What the map's address says: so that every view can be linked to and gone back to. */
export interface MapSearch {
  kinds: DeviceKind[];
  statuses: HealthStatus[];
  /** Okrug or district id. */
  area: string | null;
  group: string | null;
  /** The band whose estimated coverage is drawn. */
  coverage: Band | null;
  /** The device whose card is open. */
  device: string | null;
  panel: 'card' | 'edit' | 'new' | 'list' | null;
}

const listOf = <T extends string>(text: string | null, known: readonly T[]): T[] => {
  const wanted = new Set(text?.split(',') ?? []);
  return known.filter((name) => wanted.has(name));
};

/** Passes over whatever it does not know: addresses get old. */
export function readMapSearch(params: URLSearchParams): MapSearch {
  const device = params.get('device');
  const panel = params.get('panel');
  return {
    kinds: listOf(params.get('kind'), DeviceKinds),
    statuses: listOf(params.get('status'), HealthStatuses),
    area: params.get('area'),
    group: params.get('group'),
    coverage: Bands.find((band) => band === params.get('coverage')) ?? null,
    device,
    panel:
      panel === 'new' || panel === 'list'
        ? panel
        : device === null
          ? null
          : panel === 'edit'
            ? 'edit'
            : 'card',
  };
}

export function writeMapSearch(search: MapSearch): URLSearchParams {
  const params = new URLSearchParams();
  if (search.kinds.length > 0) params.set('kind', search.kinds.join(','));
  if (search.statuses.length > 0) params.set('status', search.statuses.join(','));
  if (search.area) params.set('area', search.area);
  if (search.group) params.set('group', search.group);
  if (search.coverage) params.set('coverage', search.coverage);
  if (search.device && (search.panel === 'card' || search.panel === 'edit'))
    params.set('device', search.device);
  if (search.panel && search.panel !== 'card') params.set('panel', search.panel);
  return params;
}
