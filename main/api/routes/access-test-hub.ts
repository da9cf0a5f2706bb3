import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Access, createAccess } from '../../access/access.ts';
import { type FakeDevices, fakeDevices } from '../../access/fake-devices.ts';
import type { Viewer } from '../../access/types.ts';
import { createAudit } from '../../audit/audit.ts';
import { auditKeyFile } from '../../audit/head-file.ts';
import type { AuditStore } from '../../audit/types.ts';
import { type ManualClock, manualClock } from '../../base/clock.ts';
import { createEventBus, type EventBus } from '../../base/event-bus.ts';
import { createLogger } from '../../base/logging.ts';
import type { Grant, Person } from '../../contract/access.ts';
import type { AuditEntry } from '../../contract/audit.ts';
import type { HubEvents } from '../../contract/hub-events.ts';
import type { DeviceRecord } from '../../devices/types.ts';
import { openStorage, type Storage } from '../../storage/database.ts';
import { type Api, createServer } from '../server.ts';
import { accessRoutes } from './access.ts';
import { auditRoutes } from './audit.ts';
import { sessionRoutes } from './session.ts';

export const COOKIE = 'kalancha_test';
export const PASSWORD = 'Tr0ubadour-staple';

/** The doors of a hub with a real database and a small city, for tests of access and audit. */
export interface TestHub {
  readonly dir: string;
  readonly app: Api;
  readonly access: Access;
  readonly audit: AuditStore;
  readonly storage: Storage;
  readonly bus: EventBus<HubEvents>;
  readonly clock: ManualClock;
  readonly devices: FakeDevices;
  readonly watching: { personId: string; cameraId: string }[];
  /** All `rights.changed` and `session.ended`, in order. */
  readonly told: ({ rights: HubEvents['rights.changed'] } | { ended: HubEvents['session.ended'] })[];
  call(
    cookie: string | null,
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: object,
    from?: string,
  ): Promise<{ status: number; body: unknown; headers: Record<string, unknown>; text: string }>;
  /** Signs in and hands back the Cookie header. */
  signIn(login: string, password?: string, from?: string): Promise<string>;
  /** Of the first person. */
  admin(): Promise<string>;
  person(cookie: string, login: string): Promise<Person>;
  grant(cookie: string, personId: string, roleId: string, extra?: object): Promise<Grant>;
  /** Who is signed in with the cookie. */
  viewer(cookie: string): Viewer;
  camera(id: string): DeviceRecord;
  /** A police officer, signed in. */
  officer(
    cookie: string,
    extra?: object,
  ): Promise<{ person: Person; grant: Grant; cookie: string; viewer: Viewer }>;
  entries(kind: AuditEntry['kind']): Promise<AuditEntry[]>;
  /** Stops everything and starts again on the same data. */
  restart(options?: { demo?: boolean }): Promise<void>;
  stop(): Promise<void>;
}

/** `403 no-right`: how a test names an answer. */
export const codeOf = (answer: { status: number; body: unknown }) =>
  `${answer.status} ${(answer.body as { code?: string }).code ?? ''}`;

const area = (id: string, parentId: string | null) => ({
  ...{ id, parentId, nameRu: id, nameEn: id, lat: 55.75, lon: 37.6 },
  level: parentId === null ? ('okrug' as const) : ('district' as const),
});
const AREAS = [
  area('cao', null),
  area('sao', null),
  area('arbat', 'cao'),
  area('tver', 'cao'),
  area('sokol', 'sao'),
];
const device = (num: number, kind: 'camera' | 'ap', districtId: string, groupIds: string[] = []) => ({
  ...{ num, id: `${kind}-${num}`, kind, districtId, groupIds },
  okrugId: AREAS.find(({ id }) => id === districtId)?.parentId ?? '',
});

export async function startTestHub(options: { demo?: boolean; secure?: boolean } = {}): Promise<TestHub> {
  const dir = mkdtempSync(join(tmpdir(), 'kalancha-access-'));
  const clock = manualClock();
  const log = createLogger('silent');
  const devices = fakeDevices(
    [
      device(1, 'camera', 'arbat', ['metro']),
      device(2, 'camera', 'tver'),
      device(3, 'camera', 'sokol', ['metro']),
      device(4, 'ap', 'arbat'),
    ],
    AREAS,
  );
  const watching: TestHub['watching'] = [];
  const told: TestHub['told'] = [];
  let parts = await start(options.demo ?? false);
  let password = parts.access.firstPassword?.password;

  async function start(demo: boolean) {
    const bus = createEventBus<HubEvents>((_name, error) => {
      throw error;
    });
    bus.on('rights.changed', (rights) => told.push({ rights }));
    bus.on('session.ended', (ended) => told.push({ ended }));
    const storage = await openStorage(dir);
    const audit = await createAudit({ db: storage.db, clock, log, keyFile: auditKeyFile(dir) });
    const access = await createAccess({
      ...{ db: storage.db, clock, bus, log, audit, devices, dataDir: dir },
      city: { id: 'moscow', timeZone: 'Europe/Moscow', lat: 55.75, lon: 37.6, zoom: 11 },
      demo: demo ? { viewerOkrugId: 'cao' } : null,
      watching: () => watching,
      housekeepingMs: 100,
    });
    const { gate } = access;
    const app = await createServer({
      log,
      door: { gate, audit, devices, cookieName: COOKIE },
      origin: { hosts: () => [], launchToken: undefined },
      version: 'test',
    });
    sessionRoutes(app, { signIn: access.signIn, gate, cookieName: COOKIE, secure: options.secure ?? false });
    accessRoutes(app, { ...access, audit });
    auditRoutes(app, { audit, gate });
    return { app, access, audit, storage, bus };
  }

  async function stopParts() {
    await parts.app.close();
    await parts.access.stop();
    await parts.audit.stop();
    await parts.storage.stop();
  }

  const hub: TestHub = {
    dir,
    clock,
    devices,
    watching,
    told,
    get app() {
      return parts.app;
    },
    get access() {
      return parts.access;
    },
    get audit() {
      return parts.audit;
    },
    get storage() {
      return parts.storage;
    },
    get bus() {
      return parts.bus;
    },
    async call(cookie, method, url, body, from = '10.0.0.1') {
      const answer = await parts.app.inject({
        method,
        url,
        remoteAddress: from,
        headers: cookie === null ? {} : { cookie },
        ...(body ? { payload: body } : {}),
      });
      const json = answer.headers['content-type']?.toString().includes('json') && !answer.body.includes('\n');
      return {
        status: answer.statusCode,
        body: json ? JSON.parse(answer.body) : answer.body,
        headers: answer.headers,
        text: answer.body,
      };
    },
    async signIn(login, withPassword = PASSWORD, from) {
      const answer = await hub.call(null, 'POST', '/api/session', { login, password: withPassword }, from);
      if (answer.status !== 200) throw new Error(`sign-in of ${login}: ${answer.text}`);
      return String(answer.headers['set-cookie']).split(';')[0] ?? '';
    },
    async admin() {
      if (password === undefined) throw new Error('no first person was made');
      return hub.signIn('admin', password);
    },
    async person(cookie, login) {
      const answer = await hub.call(cookie, 'POST', '/api/access/people', {
        login,
        name: login,
        password: PASSWORD,
      });
      if (answer.status !== 201) throw new Error(answer.text);
      return answer.body as Person;
    },
    async grant(cookie, personId, roleId, extra = {}) {
      const answer = await hub.call(cookie, 'POST', '/api/access/grants', {
        ...{ personId, roleId, scope: { type: 'city' }, until: null, basis: 'order 7' },
        ...extra,
      });
      if (answer.status !== 201) throw new Error(answer.text);
      return answer.body as Grant;
    },
    viewer(cookie) {
      const viewer = parts.access.gate.authenticate(cookie.split('=')[1] ?? '', '10.0.0.1');
      if (!viewer) throw new Error('not signed in');
      return viewer;
    },
    camera(id) {
      const found = devices.get(id);
      if (!found) throw new Error(`no ${id}`);
      return found;
    },
    async officer(byCookie, extra = {}) {
      const person = await hub.person(byCookie, 'ivanov');
      const grant = await hub.grant(byCookie, person.id, 'police-officer', extra);
      const cookie = await hub.signIn('ivanov');
      return { person, grant, cookie, viewer: hub.viewer(cookie) };
    },
    async entries(kind) {
      return (await parts.audit.page({ kind, limit: 500 })).items;
    },
    async restart({ demo } = {}) {
      await stopParts();
      parts = await start(demo ?? options.demo ?? false);
      password ??= parts.access.firstPassword?.password;
    },
    async stop() {
      await stopParts();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return hub;
}
