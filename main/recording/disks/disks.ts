import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/logging.ts';
import type { DiskStatus } from '../../contract/recording.ts';
import { createDisk, type DiskOptions } from './disk.ts';
import type { Disk, DiskSettings } from './disk-contract.ts';
import type { DiskTable } from './disk-table.ts';
import type { FootageFs } from './footage-fs.ts';
import { choosePlace } from './placement.ts';

/** What a track is taken to write until it has written something: 2 Mbit/s. */
const USUAL_RATE = 250_000;
/** How much of a track's measured rate one segment decides. */
const RATE_SHARE = 0.1;

export interface DisksOptions {
  settings: readonly DiskSettings[];
  fs: FootageFs;
  table: DiskTable;
  clock: Clock;
  log: Logger;
  hangLimitMs: number;
  settle: DiskOptions['settle'];
  measure: DiskOptions['measure'];
  bytesOn: DiskOptions['bytesOn'];
  changed(status: DiskStatus): void;
}

export interface Disks {
  all(): readonly Disk[];
  byNum(num: number | null): Disk | undefined;
  /** The disk for a track's next file; undefined when none takes footage. */
  place(track: string): Disk | undefined;
  /** A segment of a track is on its disk for good. */
  wrote(track: string, bytes: number, durationUs: number): void;
  /** The track is not recorded any more. */
  leave(track: string): void;
  statuses(): DiskStatus[];
  /** Each looks after itself; none waits for another. */
  look(): Promise<void>;
}

interface Placed {
  disk: number | undefined;
  rate: number;
}

/** All disks for footage, and which of them takes which track. */
export function createDisks(options: DisksOptions): Disks {
  const tracks = new Map<string, Placed>();
  const disks: Disk[] = options.settings.map((settings) =>
    createDisk({
      ...options,
      settings,
      taken: (num) =>
        disks.some((disk) => disk.settings !== settings && disk.num() === num && disk.readable()),
      changed: (status) => options.changed(withCameras(status)),
    }),
  );

  /** A camera's tracks may be on several disks; it counts wherever one of them is. */
  function camerasOn(num: number | undefined): number {
    const cameras = new Set<string>();
    for (const [track, { disk }] of tracks)
      if (disk !== undefined && disk === num) cameras.add(track.slice(0, track.indexOf(' ')));
    return cameras.size;
  }

  const withCameras = (status: Omit<DiskStatus, 'cameras'>): DiskStatus => ({
    ...status,
    cameras: camerasOn(disks.find((disk) => disk.settings.place === status.place)?.num()),
  });

  function loads(): Map<number, number> {
    const sums = new Map<number, number>();
    for (const { disk, rate } of tracks.values())
      if (disk !== undefined) sums.set(disk, (sums.get(disk) ?? 0) + rate);
    return sums;
  }

  return {
    all: () => disks,
    byNum: (num) => (num === null ? undefined : disks.find((disk) => disk.num() === num)),
    place(track) {
      const placed: Placed = tracks.get(track) ?? { disk: undefined, rate: USUAL_RATE };
      tracks.set(track, placed);
      const load = loads();
      const candidates = disks.flatMap((disk) => {
        const num = disk.num();
        if (!disk.takes() || num === undefined) return [];
        const own = placed.disk === num ? placed.rate : 0;
        return [{ num, capacity: capacityOf(disk), load: (load.get(num) ?? 0) - own }];
      });
      placed.disk = choosePlace(candidates, placed.disk, placed.rate);
      return disks.find((disk) => disk.takes() && disk.num() === placed.disk);
    },
    wrote(track, bytes, durationUs) {
      const placed = tracks.get(track);
      if (!placed || durationUs <= 0) return;
      placed.rate += RATE_SHARE * ((bytes / durationUs) * 1e6 - placed.rate);
    },
    leave(track) {
      tracks.delete(track);
    },
    statuses: () => disks.map((disk) => withCameras(disk.status())),
    async look() {
      await Promise.all(disks.map((disk) => disk.look()));
    },
  };
}

/** Bytes that a disk can hold for us: what is there already and what is free beyond its reserve. */
function capacityOf(disk: Disk): number {
  const { bytes, freeBytes, minFreeBytes, maxBytes } = disk.status();
  const byRoom = freeBytes === null ? Number.MAX_SAFE_INTEGER : bytes + Math.max(0, freeBytes - minFreeBytes);
  return Math.min(byRoom, maxBytes ?? Number.MAX_SAFE_INTEGER);
}
