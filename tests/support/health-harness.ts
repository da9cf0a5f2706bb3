import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { type Clock, manualClock, systemClock } from '../../main/base/clock.ts';
import { createEventBus } from '../../main/base/event-bus.ts';
import { createLogger } from '../../main/base/logging.ts';
import type { DeviceKind } from '../../main/contract/device.ts';
import type { HubEvents } from '../../main/contract/hub-events.ts';
import type { AckPayload } from '../../main/contract/mqtt-payloads.ts';
import type { DeviceRecord, DeviceRegistry } from '../../main/devices/types.ts';
import { createHealth, type Health, type HealthOptions } from '../../main/health/health.ts';
import type { HistoryState } from '../../main/history/history.ts';
import type { Sample } from '../../main/history/samples.ts';
import { type Channel, parseTopic, type TopicKind, topicOf } from '../../main/mqtt/topics.ts';
import type { LinkStatus } from '../../main/mqtt/types.ts';
import { openStorage } from '../../main/storage/database.ts';

export const CITY = 'moscow';

export function deviceRecord(num: number, kind: DeviceKind, id: string): DeviceRecord {
  return {
    num,
    id,
    kind,
    lat: 55_750_000,
    lon: 37_620_000,
    azimuthDeg: null,
    okrugId: 'cao',
    districtId: 'arbat',
    groupIds: [],
    parentId: null,
  };
}

const notAsked = (): never => {
  throw new Error('this registry only holds records');
};

/** A registry of a few records; what needs a database is refused. `records` may be changed by the test. */
export function recordsOnly(records: DeviceRecord[]): DeviceRegistry {
  return {
    get: (id) => records.find((record) => record.id === id),
    byNum: (num) => records.find((record) => record.num === num),
    get count() {
      return records.length;
    },
    all: () => records,
    areas: () => [],
    groups: () => [],
    device: notAsked,
    list: notAsked,
    add: notAsked,
    patch: notAsked,
    remove: notAsked,
    committed: notAsked,
    seed: notAsked,
    setGroup: notAsked,
    removeGroup: notAsked,
    camera: notAsked,
    camerasWithStream: notAsked,
    rememberSound: notAsked,
    retentionDays: notAsked,
  };
}

export const someDevices = (): DeviceRecord[] => [
  deviceRecord(1, 'ap', 'ap-1'),
  deviceRecord(2, 'camera', 'cam-1'),
  deviceRecord(3, 'switch', 'sw-1'),
];

/** Collects what is logged, so that a test can look for sentences and for secrets. */
export function collectedLog() {
  let text = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { log: createLogger('debug', sink), text: () => text };
}

export const linkUp: LinkStatus = {
  kind: 'embedded',
  address: 'mqtt://127.0.0.1:1883',
  downSince: null,
  error: null,
};

/** A history with which all is well. */
export const storedHistory: HistoryState = {
  failingSince: null,
  problem: null,
  lostBatches: 0,
  unstoredBytes: 0,
  fileBytes: null,
};

export interface HealthHarness {
  health: Health;
  devices: DeviceRecord[];
  /** Statuses as the bus told them. */
  told: { deviceId: string; status: string; reason: string }[];
  bus: ReturnType<typeof createEventBus<HubEvents>>;
  db: Awaited<ReturnType<typeof openStorage>>['db'];
  log: ReturnType<typeof collectedLog>;
  dataDir: string;
  /** What went to the history. */
  samples: Sample[];
  /** What the history says of itself: all well, until a test changes it. */
  historyState: HistoryState;
  /** Answers to commands that were passed on. */
  answers: { num: number; ack: AckPayload }[];
  statusOf(id: string): string;
  /** Stops the room and closes the database, keeping the folder: what a restart finds. */
  stop(): Promise<void>;
  /** Closes the database without storing what waits: a killed hub. */
  kill(): Promise<void>;
}

/** A health room on a real database in `dataDir`, with a registry of records. */
export async function startHealth(options: {
  dataDir: string;
  clock?: Clock;
  devices?: DeviceRecord[];
  dialects?: HealthOptions['dialects'];
  /** Who takes answers to commands; without it they are collected. */
  answers?: HealthOptions['answers'];
}): Promise<HealthHarness> {
  const { dataDir, clock = systemClock, devices = someDevices(), dialects } = options;
  const log = collectedLog();
  const bus = createEventBus<HubEvents>((name, error) => {
    throw new Error(`a listener of ${String(name)} failed`, { cause: error });
  });
  const storage = await openStorage(dataDir);
  const samples: Sample[] = [];
  const historyState = { ...storedHistory };
  const answers: HealthHarness['answers'] = [];
  const health = await createHealth({
    db: storage.db,
    clock,
    bus,
    log: log.log,
    devices: recordsOnly(devices),
    city: CITY,
    recorder: () => ({
      failingSince: null,
      error: null,
      cameras: 0,
      recording: 0,
      freeBytes: null,
      disks: [],
    }),
    answers: options.answers ?? { take: (num, ack) => void answers.push({ num, ack }), stored: () => true },
    history: {
      sample: (sample) => void samples.push(sample),
      storedWithin: async () => true,
      state: () => historyState,
    },
    ...(dialects ? { dialects } : {}),
  });
  const told: HealthHarness['told'] = [];
  bus.on('health.changed', (changes) => {
    for (const { deviceId, status, reason } of changes) told.push({ deviceId, status, reason });
  });
  return {
    health,
    devices,
    told,
    samples,
    historyState,
    answers,
    bus,
    db: storage.db,
    log,
    dataDir,
    statusOf(id) {
      const device = devices.find((record) => record.id === id);
      if (!device) throw new Error(`no device ${id}`);
      return health.statusOf(device.num).status;
    },
    async stop() {
      await health.stop();
      await storage.stop();
    },
    async kill() {
      await storage.stop();
      await health.stop().then(
        () => {
          throw new Error('stored into a closed database');
        },
        () => undefined,
      );
    },
  };
}

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'kalancha-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A health room with a clock turned by hand, its broker connected. */
export async function handTurned(
  dataDir: string,
  devices?: DeviceRecord[],
  dialects?: HealthOptions['dialects'],
) {
  const clock = manualClock();
  const harness = await startHealth({
    ...{ dataDir, clock },
    ...(devices ? { devices } : {}),
    ...(dialects ? { dialects } : {}),
  });
  harness.health.sink.link(linkUp);
  return {
    ...harness,
    clock,
    /** Lets seconds pass, with the second hand beating in each. */
    seconds(count: number) {
      for (let second = 0; second < count; second++) {
        clock.advance(1000);
        harness.health.tick();
      }
    },
    send(kind: TopicKind, id: string, channel: Channel, payload: object | string, retained = false) {
      const topic = parseTopic(topicOf(CITY, kind, id, channel));
      if (!topic) throw new Error(`no topic of ${id}`);
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
      harness.health.sink.take({ topic, payload: Buffer.from(text), retained, rxAt: clock.now() });
    },
    /** The same in another dialect. */
    tell(text: string, payload: string | Uint8Array, retained = false) {
      const topic = harness.health.foreign.parse(text);
      if (!topic) throw new Error(`${text} is of no dialect in use`);
      harness.health.sink.take({ topic, payload: Buffer.from(payload), retained, rxAt: clock.now() });
    },
  };
}

export const statusPayload = (id: string, session: number, online = true, heartbeatS = 30) => ({
  v: 1,
  id,
  online,
  session,
  ts: 1_760_000_000_000,
  heartbeatS,
});

export const statePayload = (id: string, session: number, seq: number, more: object = {}) => ({
  v: 1,
  id,
  session,
  seq,
  ts: 1_760_000_000_000,
  ...more,
});
