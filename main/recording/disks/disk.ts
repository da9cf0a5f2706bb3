import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { Logger } from '../../base/logging.ts';
import type { DiskReason, DiskState, DiskStatus, RepairFinding } from '../../contract/recording.ts';
import type { Disk, DiskSettings } from './disk-contract.ts';
import type { DiskTable } from './disk-table.ts';
import { DiskTrouble, diskReason } from './disk-trouble.ts';
import type { FootageFs } from './footage-fs.ts';
import { guardFs } from './guarded-fs.ts';
import { checkStillThere, identify, type KnownDisk } from './identity.ts';
import { createRateMeter } from './rate-meter.ts';
import { floorBytes, hoursLeft, roomToReturn } from './room.ts';

const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 60_000;
/** Findings kept for the screen. */
const SHOWN_FINDINGS = 100;
/** Calls under way at a time, writing and reading each. */
const WIDTH = 4;
/** Folders remembered as safe; forgetting one costs an `fsync`. */
const MOST_KEPT_NAMES = 20_000;
const PROBE_FILE = '.kalancha-probe';

export interface DiskOptions {
  settings: DiskSettings;
  fs: FootageFs;
  table: DiskTable;
  clock: Clock;
  log: Logger;
  /** A call that takes longer has hung. */
  hangLimitMs: number;
  /** Does another place carry this disk already? */
  taken(num: number): boolean;
  /** Makes index and disk agree; `whole`: files without rows are looked for too. */
  settle(disk: Disk, num: number, whole: boolean): Promise<RepairFinding[]>;
  /** Bytes on it that must stay: held, and younger than an hour. */
  measure(num: number): Promise<{ heldBytes: number; youngBytes: number }>;
  /** Of all footage on it; slow. */
  bytesOn(num: number): Promise<number>;
  changed(status: DiskStatus): void;
}

/** One disk for footage: what it is, how it does, and the way out of use and back. */
export function createDisk(options: DiskOptions): Disk {
  const { settings, clock, log } = options;
  const { folder } = settings;
  const onLateError = (error: unknown) =>
    log.warn({ folder, err: messageOf(error) }, 'a file that was given up did not close well');
  const guard = guardFs(options.fs, { limitMs: options.hangLimitMs, width: WIDTH, onLateError });
  const { fs } = guard;
  const rate = createRateMeter(clock);
  let known: KnownDisk | undefined;
  let generation = 0;
  let takes = false;
  let readable = false;
  /** Index and disk agree, as far as files without rows go. */
  let settled = false;
  let accept = false;
  let state: DiskState = 'missing';
  let reason: DiskReason | null = 'not-mounted';
  let since = clock.now();
  let problem: string | null = null;
  let backOff = FIRST_RETRY_MS;
  let nextTry = 0;
  let freeBytes: number | null = null;
  let amounts = { bytes: 0, heldBytes: 0, youngBytes: 0 };
  let findings: RepairFinding[] = [];
  let findingCount = 0;
  let looking: Promise<void> | undefined;
  const keptNames = new Set<string>();

  function become(next: DiskState, why: DiskReason | null, said: string | null): void {
    const same = next === state && why === reason;
    problem = said;
    if (same) return;
    state = next;
    reason = why;
    since = clock.now();
    const facts = { folder, state, reason, problem };
    if (takes && state === 'in-use') log.info(facts, 'a disk takes footage');
    else log.error(facts, takes ? 'a disk will soon be full' : 'a disk is left out');
    options.changed({ ...self.status(), cameras: 0 });
  }

  /** `gently`: what is being written may come to the end of its segment. */
  function leave(why: DiskReason, said: string, gently = false): void {
    if (takes) {
      if (!gently) giveUpFiles();
      backOff = FIRST_RETRY_MS;
    }
    takes = false;
    if (why === 'hung' || stateOf(why) === 'missing') readable = false;
    if (why !== 'no-room') settled = false;
    nextTry = clock.monotonic() + backOff;
    become(stateOf(why), why, said);
  }

  function giveUpFiles(): void {
    generation += 1;
    keptNames.clear();
  }

  async function met(error: unknown): Promise<boolean> {
    let why = diskReason(error);
    if (why === undefined) return false;
    if (why === 'not-mounted' && known) {
      // One file that is gone is not a disk that is gone.
      const found = await checkStillThere(fs, folder, known).then(
        () => undefined,
        (failure: unknown) => failure,
      );
      if (found === undefined) return false;
      why = diskReason(found) ?? why;
    }
    if (takes || why !== reason) leave(why, messageOf(error));
    return true;
  }

  /** Identity, then what it holds, then whether it takes more. */
  async function tryAgain(): Promise<void> {
    const table = options.table;
    const first = settings.place === 1;
    known = await identify({ fs, table, folder, clock, first, accept });
    accept = false;
    // Repair must not meet a file that somebody still writes.
    giveUpFiles();
    if (options.taken(known.num)) throw new DiskTrouble('named-twice', `${folder} is a disk named before`);
    freeBytes = await fs.freeBytes(folder);
    if (!settled || !readable) {
      await settle(known.num, true);
      settled = true;
      readable = true;
      amounts.bytes = await options.bytesOn(known.num);
      await measure();
    } else await settle(known.num, false);
    if (freeBytes !== null && freeBytes < roomToReturn(settings.minFreeBytes, rate.bytesPerSecond()))
      throw new DiskTrouble('no-room', `only ${freeBytes} bytes are free at ${folder}`);
    await probe();
    takes = true;
    backOff = FIRST_RETRY_MS;
    become('in-use', null, null);
    judgeRoom();
  }

  async function settle(num: number, whole: boolean): Promise<void> {
    try {
      const found = await options.settle(self, num, whole);
      if (found.length === 0 && !whole) return;
      findings = found.slice(0, SHOWN_FINDINGS);
      findingCount = found.length;
    } catch (error) {
      // A disk that cannot be written can still be watched: rows speak only of what is there for good.
      if (diskReason(error) === 'read-only') readable = true;
      throw error;
    }
  }

  async function probe(): Promise<void> {
    const path = join(folder, PROBE_FILE);
    await fs.remove(path);
    const file = await fs.create(path);
    try {
      await file.write([Buffer.alloc(4096, 1)], 0);
      await file.datasync();
    } finally {
      await file.close();
    }
    await fs.remove(path);
  }

  async function lookOnce(): Promise<void> {
    try {
      if (takes && known) {
        await checkStillThere(fs, folder, known);
        freeBytes = await fs.freeBytes(folder);
        rate.look();
        if (freeBytes !== null && freeBytes < floorBytes(settings.minFreeBytes))
          leave('no-room', `only ${freeBytes} bytes are free at ${folder}`, true);
        else judgeRoom();
      } else if (clock.monotonic() >= nextTry) {
        if (guard.stuck() > 0) throw new DiskTrouble('hung', problem ?? 'the disk does not answer');
        await tryAgain();
      }
    } catch (error) {
      if (takes) {
        await met(error);
        return;
      }
      backOff = Math.min(LAST_RETRY_MS, backOff * 2);
      leave(diskReason(error) ?? 'io-error', messageOf(error));
    }
  }

  const room = () => hoursLeft({ ...settings, ...amounts, freeBytes, bytesPerSecond: rate.bytesPerSecond() });

  function judgeRoom(): void {
    if (!takes) return;
    const hours = room();
    if (hours !== null && hours < 1) become('filling', 'no-room', null);
    else become('in-use', null, null);
  }

  async function measure(): Promise<void> {
    if (!known) return;
    amounts = { ...amounts, ...(await options.measure(known.num)) };
    judgeRoom();
  }

  const self: Disk = {
    settings,
    fs,
    num: () => known?.num,
    generation: () => generation,
    takes: () => takes,
    readable: () => readable,
    async check() {
      if (!known) throw new DiskTrouble('not-mounted', `${folder} was never met`);
      await checkStillThere(fs, folder, known);
    },
    async keepName(parent, inner) {
      if (keptNames.has(inner)) return;
      await fs.syncFolder(parent);
      if (keptNames.size >= MOST_KEPT_NAMES) keptNames.clear();
      keptNames.add(inner);
    },
    forgetName(inner) {
      keptNames.delete(inner);
    },
    met,
    wrote(bytes) {
      amounts.bytes += bytes;
      rate.add(bytes);
    },
    deleted(bytes) {
      amounts.bytes -= bytes;
    },
    look() {
      looking ??= lookOnce().finally(() => {
        looking = undefined;
      });
      return looking;
    },
    idle: () => looking ?? Promise.resolve(),
    measure,
    acceptOther() {
      accept = true;
      nextTry = 0;
    },
    status: () => ({
      place: settings.place,
      folder,
      ...{ state, reason, since, problem },
      nextTryAt: takes ? null : Math.round(clock.now() + Math.max(0, nextTry - clock.monotonic())),
      freeBytes,
      bytes: amounts.bytes,
      heldBytes: amounts.heldBytes,
      maxBytes: settings.maxBytes,
      minFreeBytes: settings.minFreeBytes,
      writeRate: rate.bytesPerSecond(),
      roomHours: takes ? room() : null,
      findings,
      findingCount,
    }),
  };
  return self;
}

function stateOf(reason: DiskReason): DiskState {
  switch (reason) {
    case 'no-room':
      return 'full';
    case 'not-mounted':
    case 'other-disk':
    case 'named-twice':
      return 'missing';
    case 'read-only':
    case 'io-error':
    case 'hung':
    case 'refused':
      return 'failing';
  }
}
