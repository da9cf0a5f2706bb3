import { DialectNames } from '../../main/contract/dialects.ts';
import type { DeviceIdentity } from '../../main/devices/types.ts';
import { deviceRecord, handTurned, temporaryFolder } from './health-harness.ts';

const records = [
  deviceRecord(1, 'ap', 'ap-1'),
  deviceRecord(2, 'camera', 'cam-1'),
  deviceRecord(3, 'switch', 'sw-1'),
  deviceRecord(4, 'camera', 'Cam-Two'),
  deviceRecord(5, 'ap', 'ap-twin-1'),
  deviceRecord(6, 'ap', 'ap-twin-2'),
];
/** Serial numbers and MACs by which other dialects know them. */
const made: DeviceIdentity[] = [
  { id: 'ap-1', serial: '50987100327b', mac: '50:98:71:00:32:7A' },
  { id: 'cam-1', serial: 'ACCC8E012345', mac: '00:40:8C:12:34:56' },
  { id: 'sw-1', serial: '', mac: '' },
  { id: 'Cam-Two', serial: '', mac: 'E4:30:22:F3:31:AA' },
  { id: 'ap-twin-1', serial: 'same', mac: '' },
  { id: 'ap-twin-2', serial: 'same', mac: '' },
];

type Hub = Awaited<ReturnType<typeof handTurned>>;

/** The health room of a hub that has all dialects in use; `hub` is the one that runs now. */
export interface DialectHub {
  readonly hub: Hub;
  readonly folder: string;
  /** Serial numbers and MACs as the registry has them; a test changes them. */
  identities: DeviceIdentity[];
  /** Another hub in the same folder, after this one was stopped or killed; `bare` without any dialect in use. */
  start(bare?: 'bare'): Promise<void>;
  health(id: string): ReturnType<Hub['health']['health']>;
  events(id: string): ReturnType<Hub['health']['events']>;
  stop(): Promise<void>;
}

export async function dialectHub(): Promise<DialectHub> {
  const folder = temporaryFolder();
  let identities = [...made];
  const dialects = {
    settings: DialectNames.map((name) => ({ name })),
    identities: async (ids?: readonly string[]) => identities.filter(({ id }) => ids?.includes(id) ?? true),
  };
  const open = (bare?: 'bare') => handTurned(folder.path, [...records], bare ? undefined : dialects);
  let hub = await open();
  const deviceOf = (id: string) => {
    const device = records.find((record) => record.id === id);
    if (!device) throw new Error(`no device ${id}`);
    return device;
  };
  return {
    folder: folder.path,
    get hub() {
      return hub;
    },
    get identities() {
      return identities;
    },
    set identities(now) {
      identities = now;
    },
    async start(bare) {
      hub = await open(bare);
    },
    health: (id) => hub.health.health(deviceOf(id), true),
    async events(id) {
      await hub.health.flush();
      return hub.health.events(deviceOf(id));
    },
    async stop() {
      await hub.stop();
      folder.remove();
    },
  };
}
