import type { Transaction } from 'kysely';
import type { Bitset } from '../base/bitset.ts';
import type { AppError } from '../base/errors.ts';
import type {
  Area,
  Device,
  DeviceGroup,
  DeviceInput,
  DeviceKind,
  DevicePatch,
  DeviceQuery,
  DeviceSummary,
  Job,
} from '../contract/device.ts';
import type { HealthStatus } from '../contract/health.ts';
import type { Database } from '../storage/tables.ts';

/** What must be known of every device at once and without a query: rights, health and the map live on it. */
export interface DeviceRecord {
  readonly num: number;
  readonly id: string;
  readonly kind: DeviceKind;
  /** 1e-6 degree. */
  readonly lat: number;
  readonly lon: number;
  readonly azimuthDeg: number | null;
  readonly okrugId: string;
  readonly districtId: string;
  readonly groupIds: readonly string[];
  readonly parentId: string | null;
}

/** Where a camera's stream is. Secret: handed to the video room alone, never logged, never answered. */
export interface StreamSource {
  /** Address without user information. */
  url: string;
  user: string | null;
  password: string | null;
}

export interface CameraSetup {
  id: string;
  num: number;
  recorded: boolean;
  retentionDays: number | null;
  source: StreamSource | null;
  /** The smaller stream, H.264, for tiles and for where browsers cannot play the main one. */
  second: StreamSource | null;
  /** Keep the sound where the camera sends it. */
  sound: boolean;
  /** What is known of the sound from earlier pulls; null when nothing is. */
  soundHint: SoundHint | null;
}

/** What a camera's sound turned out to be: AAC to be copied, something to be made AAC, or none at all. */
export type SoundHint = 'copy' | 'encode' | 'none';

export interface StatusLookup {
  statusOf(num: number): { status: HealthStatus; since: number | null };
}

export interface DeviceRegistry {
  get(id: string): DeviceRecord | undefined;
  byNum(num: number): DeviceRecord | undefined;
  readonly count: number;
  all(): Iterable<DeviceRecord>;
  /** The device as a person sees it. */
  device(id: string, statuses: StatusLookup): Promise<Device | undefined>;
  /** Of the devices in `visible`, those that fit. Sorted by name unless a search ranks them. */
  list(
    query: DeviceQuery,
    visible: Bitset,
    statuses: StatusLookup,
  ): Promise<{ items: Device[]; total: number; nextCursor?: string }>;
  /** @throws AppError `device-exists`, `parent-unknown`, `district-unknown`, `group-unknown`, `bad-stream-address` */
  add(trx: Transaction<Database>, input: DeviceInput): Promise<DeviceRecord>;
  patch(trx: Transaction<Database>, id: string, patch: DevicePatch): Promise<DeviceRecord>;
  remove(trx: Transaction<Database>, id: string): Promise<void>;
  /** Call after a transaction that used add, patch or remove ended: memory follows what was committed, then `devices.changed` is told. */
  committed(deviceIds: readonly string[]): Promise<void>;
  /** Inserts very many at once (demonstration, tests), in chunks that leave the event loop room. */
  seed(
    areas: readonly Area[],
    groups: readonly { id: string; name: string }[],
    devices: AsyncIterable<DeviceInput> | Iterable<DeviceInput>,
  ): Promise<void>;
  areas(): readonly Area[];
  groups(): readonly DeviceGroup[];
  setGroup(trx: Transaction<Database>, group: { id: string; name: string }): Promise<void>;
  removeGroup(trx: Transaction<Database>, id: string): Promise<void>;
  camera(id: string): Promise<CameraSetup | undefined>;
  /** Days for which footage is kept, of cameras that name their own. */
  retentionDays(): Promise<ReadonlyMap<string, number>>;
  /** Every camera that has a stream address. */
  camerasWithStream(): Promise<CameraSetup[]>;
  /** Remembers what a camera's sound turned out to be; forgotten when its address changes. */
  rememberSound(id: string, hint: SoundHint): Promise<void>;
}

/** Names that makers give a device; empty where none is known. */
export interface DeviceIdentity {
  id: string;
  serial: string;
  mac: string;
}

/** What the hub's own parts ask of the registry beyond what every room needs. */
export interface DeviceStore extends DeviceRegistry {
  /** Rises whenever memory changed: what was worked out of the registry is good as long as it stays. */
  readonly version: number;
  /** Those of the numbers that exist, in the order asked for. */
  summaries(nums: readonly number[], statuses: StatusLookup): Promise<DeviceSummary[]>;
  /** Name, owner and contractor of devices, by number. */
  names(nums: readonly number[]): Promise<Map<number, { name: string; owner: string; contractor: string }>>;
  /** By what else than its id each of these devices is known; all devices without a list. */
  identities(ids?: readonly string[]): Promise<readonly DeviceIdentity[]>;
  /** Reads a CSV file into the registry: all of it or nothing. */
  importCsv(file: string, options: ImportOptions): Promise<ImportOutcome>;
}

/** The rights of the person whose file is imported, asked anew for every row. */
export interface ImportRights {
  /** May this device, as it is or as it would be, be edited? */
  edit(device: DeviceRecord): boolean;
  /** May it be moved to another area, group or owner? */
  move(device: DeviceRecord): boolean;
  /** Asked last, before anything is stored. */
  stillAllowed(): boolean;
}

export interface ImportOptions {
  rights: ImportRights;
  signal: AbortSignal;
  /** 0 to 1. */
  progress(share: number): void;
  /** Called in the transaction that stores the rows. */
  record(trx: Transaction<Database>, counts: { added: number; changed: number }): Promise<void>;
}

export type ImportResult = NonNullable<Job['result']>;
export interface ImportOutcome {
  result: ImportResult;
  /** Why nothing was imported; null when all was. */
  refused: AppError | null;
}
