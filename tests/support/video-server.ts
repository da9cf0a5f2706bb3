import type { AccessGate, Decision, Viewer } from '../../main/access/types.ts';
import { cameraRoutes } from '../../main/api/routes/cameras.ts';
import { timelineRoutes } from '../../main/api/routes/timelines.ts';
import { videoRoutes } from '../../main/api/routes/video.ts';
import { videoArchiveRoutes } from '../../main/api/routes/video-archive.ts';
import { createServer } from '../../main/api/server.ts';
import { createVideoDesk } from '../../main/api/video-desk.ts';
import type { AuditEvent, AuditLog } from '../../main/audit/types.ts';
import { Bitset } from '../../main/base/bitset.ts';
import { systemClock } from '../../main/base/clock.ts';
import type { Action } from '../../main/contract/access.ts';
import { LIVE_WINDOW_MS } from '../../main/contract/video.ts';
import type { DeviceRecord, DeviceRegistry } from '../../main/devices/types.ts';
import { createArchive } from '../../main/video/archive.ts';
import type { VideoBench } from './video-bench.ts';

const EVERYTHING: readonly Action[] = [
  'device.view',
  'device.edit',
  'video.live',
  'video.archive',
  'video.snapshot',
];

/** Rights that a test gives and takes by hand; the rule of footage's age is the real one's. */
export function createTestGate() {
  const rights = new Map<string, Set<Action>>();
  let version = 1;
  const has = (viewer: Viewer, action: Action) => rights.get(viewer.personId)?.has(action) ?? false;
  const gate: AccessGate = {
    authenticate: (token, from) =>
      rights.has(token)
        ? { sessionId: `s-${token}`, personId: token, name: token, login: token, from }
        : null,
    alive: (viewer) => rights.has(viewer.personId),
    may(viewer, action, _device, footageTime): Decision {
      const old = footageTime !== undefined && footageTime < Date.now() - LIVE_WINDOW_MS;
      const needed: Action[] = old
        ? action === 'video.live'
          ? ['video.archive']
          : [action, 'video.archive']
        : [action];
      return needed.every((one) => has(viewer, one))
        ? { allowed: true }
        : { allowed: false, reason: rights.has(viewer.personId) ? 'no-grant' : 'session-ended' };
    },
    visible: () => new Bitset(),
    rightsVersion: () => version,
    info: () => Promise.reject(new Error('not asked here')),
  };
  return {
    gate,
    give(person: string, actions: readonly Action[] = EVERYTHING): void {
      rights.set(person, new Set(actions));
      version += 1;
    },
    take(person: string): void {
      rights.delete(person);
      version += 1;
    },
  };
}

/** The real server with the video routes, over a bench; people are their own session tokens. */
export async function openVideoServer(bench: VideoBench, options: { idleMs?: number } = {}) {
  const rights = createTestGate();
  const recorded: AuditEvent[] = [];
  const unused = () => Promise.reject(new Error('not asked here'));
  const audit: AuditLog = {
    append: unused,
    record: async (event) => void recorded.push(event),
    page: unused,
    chain: unused,
    verify: unused,
  };
  const record = (id: string): DeviceRecord | undefined => {
    const setup = bench.registry.get(id);
    return setup
      ? {
          ...{ num: setup.num, id, kind: 'camera', lat: 0, lon: 0, azimuthDeg: null },
          ...{ okrugId: 'cao', districtId: 'arbat', groupIds: [], parentId: null },
        }
      : undefined;
  };
  const devices = { get: record } as Pick<DeviceRegistry, 'get'>;
  const desk = createVideoDesk({
    video: bench.video,
    gate: rights.gate,
    audit,
    devices,
    bus: bench.bus,
    clock: systemClock,
    log: bench.log,
    ...options,
  });
  const app = await createServer({
    log: bench.log,
    door: { gate: rights.gate, audit, devices: devices as DeviceRegistry, cookieName: 'session' },
    origin: { hosts: () => [], launchToken: undefined },
    version: '0.0.0',
  });
  videoRoutes(app, { video: bench.video, desk, devices });
  videoArchiveRoutes(app, { video: bench.video, archive: createArchive(bench.recording), desk, devices });
  timelineRoutes(app, {
    ...{ video: bench.video, gate: rights.gate, devices },
    holds: { of: () => [] },
    bookmarks: { of: async () => [] },
    timelineEvents: async () => ({ events: [], more: false }),
  });
  cameraRoutes(app, { video: bench.video, audit });
  const base = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    base,
    desk,
    recorded,
    ...rights,
    /** A request as a person. */
    get: (person: string, path: string, init: RequestInit = {}) =>
      fetch(new URL(path, base), { ...init, headers: { cookie: `session=${person}` } }),
    async close(): Promise<void> {
      await app.close();
      await desk.stop();
    },
  };
}

export type VideoServer = Awaited<ReturnType<typeof openVideoServer>>;
