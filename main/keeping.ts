import type { AuditLog } from './audit/types.ts';
import type { Clock } from './base/clock.ts';
import type { Logger } from './base/logging.ts';
import type { HubConfig } from './config.ts';
import { type Bookmarks, createBookmarks } from './recording/bookmarks.ts';
import { createHolds, type Holds } from './recording/holds.ts';
import type { Recording } from './recording/types.ts';
import type { Storage } from './storage/database.ts';

export interface KeepingOptions {
  config: HubConfig;
  db: Storage['db'];
  clock: Clock;
  log: Logger;
  audit: AuditLog;
  recording: Pick<Recording, 'state'>;
}

export interface Keeping {
  holds: Holds;
  bookmarks: Bookmarks;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What people mark in footage: stretches that stay, and places to find again. */
export function createKeeping({ config, db, clock, log, audit, recording }: KeepingOptions): Keeping {
  const holds = createHolds({
    db,
    clock,
    log,
    limits: config.holds,
    /** What all disks may hold: of each, its limit or what is there and what is free, whichever is less. */
    async roomBytes() {
      const { disks } = await recording.state();
      return disks.reduce((room, { bytes, freeBytes, maxBytes }) => {
        const there = bytes + (freeBytes ?? 0);
        return room + (maxBytes === null ? there : Math.min(maxBytes, there));
      }, 0);
    },
    onEnded: (trx, hold) =>
      audit.append(trx, {
        kind: 'hold.ended',
        person: null,
        from: '',
        subject: hold.id,
        data: {
          reason: hold.endReason,
          cameraIds: hold.cameraIds,
          from: hold.from,
          to: hold.to,
          basis: hold.basis,
          by: hold.by.id,
        },
      }),
  });
  return {
    holds,
    bookmarks: createBookmarks({ db, clock }),
    start: () => holds.start(),
    stop: () => holds.stop(),
  };
}
