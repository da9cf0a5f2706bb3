import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/logging.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { RepairFinding } from '../contract/recording.ts';
import type { DiskSettings } from './disks/disk-contract.ts';
import { createDisks, type Disks } from './disks/disks.ts';
import type { FootageFs } from './disks/footage-fs.ts';
import type { FileIndex } from './file-index.ts';
import type { IndexQueue } from './index-queue.ts';
import { settleAll, settleUnfinished } from './repair.ts';
import { KEPT_FOR_SPACE_MS, keepLimits, type RetentionServices } from './retention.ts';

const LOOK_EVERY_MS = 2_000;
const RETAIN_EVERY_MS = 60_000;
/** Findings that go to the log one by one. */
const LOGGED_FINDINGS = 100;

export interface UpkeepOptions extends RetentionServices {
  disks: readonly DiskSettings[];
  fs: FootageFs;
  hangLimitMs: number;
  queue: IndexQueue;
  index: FileIndex;
  clock: Clock;
  log: Logger;
  bus: EventBus<HubEvents>;
  cameraIdOf(num: number): string | undefined;
}

export interface DiskUpkeep {
  disks: Disks;
  /** @returns what was repaired */
  start(): Promise<RepairFinding[]>;
  look(): Promise<void>;
  retain(): Promise<void>;
  stop(): Promise<void>;
}

/** Keeps the disks in order: takes them in with repair, watches them, deletes what is over time or over room. */
export function createDiskUpkeep(options: UpkeepOptions): DiskUpkeep {
  const { index, clock, log, bus } = options;
  let repaired: RepairFinding[] = [];
  const disks = createDisks({
    ...options,
    settings: options.disks,
    table: index.disks,
    async settle(disk, num, whole) {
      // Rows of segments written before the disk was left may still be on their way.
      await options.queue.flush();
      const { cameraIdOf } = options;
      const present = (other: number) => disks.byNum(other)?.readable() ?? false;
      const findings = await (whole ? settleAll : settleUnfinished)({
        ...{ disk, num, index, cameraIdOf, present },
      });
      const { folder } = disk.settings;
      for (const finding of findings.slice(0, LOGGED_FINDINGS))
        log.warn({ folder, finding }, 'recording repaired');
      if (findings.length > LOGGED_FINDINGS)
        log.warn({ folder, findings: findings.length }, 'recording repaired: more than are told one by one');
      repaired.push(...findings);
      return findings;
    },
    async measure(num) {
      const held = await options.held(index.db);
      return {
        heldBytes: await index.bytesHeld(num, held),
        youngBytes: await index.bytesOn(num, clock.now() - KEPT_FOR_SPACE_MS),
      };
    },
    bytesOn: (num) => index.bytesOn(num),
    changed(status) {
      bus.emit('recording.disk', status);
      // A disk that is full may have footage to give away.
      if (status.state === 'full') void retain();
    },
  });
  const timers: NodeJS.Timeout[] = [];
  let retaining: Promise<void> = Promise.resolve();

  /** Ends well in any case: what could not be deleted now is tried again a minute later. */
  async function retainOnce(): Promise<void> {
    await Promise.all(
      disks.all().map(async (disk) => {
        const num = disk.num();
        if (num === undefined || !disk.readable()) return;
        try {
          await keepLimits(options, disk, num);
          await disk.measure();
        } catch (error) {
          log.error(
            { folder: disk.settings.folder, err: messageOf(error) },
            'old footage could not be deleted',
          );
          await disk.met(error);
        }
      }),
    );
  }

  function retain(): Promise<void> {
    retaining = retaining.then(retainOnce);
    return retaining;
  }

  const every = (ms: number, task: () => Promise<void>) => {
    const timer = setInterval(() => {
      task().catch((error: unknown) =>
        log.error({ err: messageOf(error) }, 'the disks were not looked after'),
      );
    }, ms);
    timer.unref();
    timers.push(timer);
  };

  return {
    disks,
    async start() {
      await disks.look();
      every(LOOK_EVERY_MS, () => disks.look());
      every(RETAIN_EVERY_MS, retain);
      const missing = disks.statuses().filter((disk) => disk.state === 'missing');
      const findings = [
        ...repaired,
        ...missing.map(({ folder, problem }) => ({
          kind: 'missing-disk' as const,
          path: folder,
          detail: problem ?? '',
        })),
      ];
      repaired = [];
      return findings;
    },
    look: () => disks.look(),
    retain,
    async stop() {
      for (const timer of timers.splice(0)) clearInterval(timer);
      await retaining;
      // A look under way ends first.
      await Promise.all(disks.all().map((disk) => disk.idle()));
    },
  };
}
