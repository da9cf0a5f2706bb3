import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { Bitset } from '../base/bitset.ts';
import { type ManualClock, manualClock } from '../base/clock.ts';
import { createEventBus, type EventBus } from '../base/event-bus.ts';
import { createLogger, type Logger } from '../base/logging.ts';
import type { Area, DeviceInput, DeviceQuery } from '../contract/device.ts';
import { DeviceQuery as Query } from '../contract/device.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import { openStorage, type Storage } from '../storage/database.ts';
import { createDeviceRegistry } from './registry.ts';
import type { DeviceStore, StatusLookup } from './types.ts';

/** A small city for tests, on a real database in a folder of its own. */
export interface TestCity {
  dir: string;
  storage: Storage;
  devices: DeviceStore;
  clock: ManualClock;
  bus: EventBus<HubEvents>;
  log: Logger;
  /** Every `devices.changed` since the city was made. */
  changes: HubEvents['devices.changed'][];
  /** What was logged, as one text. */
  logged(): string;
  /** A registry over the same database, as after a restart. */
  reopen(options?: { sealingKey?: Uint8Array; allowFiles?: boolean }): Promise<DeviceStore>;
  stop(): Promise<void>;
}

export const testAreas: readonly Area[] = [
  {
    id: 'cao',
    level: 'okrug',
    parentId: null,
    nameRu: 'Центральный',
    nameEn: 'Central',
    lat: 55.75,
    lon: 37.62,
  },
  {
    id: 'zao',
    level: 'okrug',
    parentId: null,
    nameRu: 'Западный',
    nameEn: 'Western',
    lat: 55.73,
    lon: 37.43,
  },
  {
    id: 'arbat',
    level: 'district',
    parentId: 'cao',
    nameRu: 'Арбат',
    nameEn: 'Arbat',
    lat: 55.75,
    lon: 37.59,
  },
  {
    id: 'tverskoy',
    level: 'district',
    parentId: 'cao',
    nameRu: 'Тверской',
    nameEn: 'Tverskoy',
    lat: 55.77,
    lon: 37.6,
  },
  {
    id: 'kuntsevo',
    level: 'district',
    parentId: 'zao',
    nameRu: 'Кунцево',
    nameEn: 'Kuntsevo',
    lat: 55.73,
    lon: 37.4,
  },
];

export const testGroups = [
  { id: 'schools', name: 'Школы' },
  { id: 'metro', name: 'Метро' },
] as const;

export function testDevice(input: Partial<DeviceInput> & { id: string }): DeviceInput {
  return {
    kind: 'camera',
    name: input.id,
    address: '',
    lat: 55.75,
    lon: 37.6,
    azimuthDeg: null,
    owner: '',
    contractor: '',
    districtId: 'arbat',
    parentId: null,
    groupIds: [],
    model: '',
    serial: '',
    mac: '',
    recorded: true,
    retentionDays: null,
    streamUrl: null,
    streamUser: null,
    streamPassword: null,
    secondUrl: null,
    secondUser: null,
    secondPassword: null,
    sound: true,
    ...input,
  };
}

export const allOnline: StatusLookup = { statusOf: () => ({ status: 'online', since: 1000 }) };

export const query = (given: Partial<DeviceQuery> = {}): DeviceQuery => Query.parse(given);

export function everything(devices: DeviceStore): Bitset {
  const bits = new Bitset();
  for (const device of devices.all()) bits.add(device.num);
  return bits;
}

export async function makeTestCity(options: { allowFiles?: boolean } = {}): Promise<TestCity> {
  const dir = mkdtempSync(join(tmpdir(), 'kalancha-devices-'));
  const storage = await openStorage(dir);
  const clock = manualClock();
  const bus = createEventBus<HubEvents>((_name, error) => {
    throw error;
  });
  const lines: string[] = [];
  const log = createLogger(
    'info',
    new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    }),
  );
  const key = new Uint8Array(32).fill(7);
  const reopen: TestCity['reopen'] = (other = {}) =>
    createDeviceRegistry({ db: storage.db, clock, bus, log, sealingKey: key, ...options, ...other });
  const devices = await reopen();
  await devices.seed(testAreas, testGroups, []);
  const changes: HubEvents['devices.changed'][] = [];
  bus.on('devices.changed', (event) => changes.push(event));
  return {
    dir,
    storage,
    devices,
    clock,
    bus,
    log,
    changes,
    logged: () => lines.join(''),
    reopen,
    async stop() {
      await storage.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
