import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { AppError, messageOf, notFound } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { PictureCheck, PictureProblem } from '../contract/pictures.ts';
import type { Database } from '../storage/tables.ts';
import { decodePicture } from '../video/picture.ts';
import { decodeKeyframes } from './decode.ts';
import { annexB, type Keyframe } from './keyframe.ts';
import { isReady, learnedShare } from './learned.ts';
import { createSchedule } from './schedule.ts';
import { createPictureStore } from './store.ts';
import { createWatch, type Finding, type Watch } from './watch.ts';

const TICK_MS = 2_000;
const THUMBNAIL_WIDTH = 480;
/** What was learned is written after this many pictures, and whenever a class of hours becomes usable. */
const SAVE_EVERY = 20;

export interface PicturesOptions {
  db: Kysely<Database>;
  clock: Clock;
  log: Logger;
  ffmpegPath: string;
  /** Cameras whose stream runs now. */
  running(): string[];
  /** Their newest keyframe. */
  keyframe(cameraId: string): Keyframe | undefined;
  exists(cameraId: string): boolean;
  /** What is wrong with a camera's picture changed; null when nothing is. */
  onFinding(cameraId: string, problem: PictureProblem | null): void;
}

export interface PictureFigures {
  checks: number;
  undecodable: number;
  cpuS: number;
  intervalMs: number;
  costMs: number;
  oldestMs: number;
  findings: Record<PictureProblem, number>;
}

export interface Pictures {
  /** Tells what was found before the last stop, and begins to look. */
  start(): Promise<void>;
  check(cameraId: string): Promise<PictureCheck>;
  /** The picture that a finding rests on. @throws AppError `no-thumbnail` */
  thumbnail(cameraId: string): Promise<{ jpeg: Buffer; footageTime: number }>;
  /** Takes what the camera shows now for its usual view; `record` runs in the same transaction. */
  accept(cameraId: string, record: (trx: Transaction<Database>) => Promise<unknown>): Promise<void>;
  figures(): PictureFigures;
  /** One round: looks at what is due. The timer's own; called by hand only in tests. */
  round(): Promise<void>;
  stop(): Promise<void>;
}

interface Taken {
  cameraId: string;
  watch: Watch;
  keyframe: Keyframe;
}

/** Looks at keyframes of all running cameras, a few at a time, and tells black, frozen, blurred and moved pictures. */
export function createPictures(options: PicturesOptions): Pictures {
  const { db, clock, log, ffmpegPath } = options;
  const store = createPictureStore(db);
  const schedule = createSchedule();
  const watches = new Map<string, Watch>();
  const unsaved = new Map<string, number>();
  /** What was stored and told: a finding is nobody's before. */
  const told = new Map<string, Finding>();
  const seen = { checks: 0, undecodable: 0, cpuMs: 0 };
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let busy = false;
  let failing = false;

  async function watchOf(cameraId: string): Promise<Watch> {
    const known = watches.get(cameraId);
    if (known) return known;
    const watch = createWatch({ finding: null, learned: await store.learned(cameraId) });
    watches.set(cameraId, watch);
    return watch;
  }

  /** Cameras that are due and have sent a keyframe since they were looked at last. */
  async function due(): Promise<Taken[]> {
    const now = clock.monotonic();
    const taken: Taken[] = [];
    for (const cameraId of schedule.take(now)) {
      const watch = await watchOf(cameraId);
      try {
        const keyframe = options.keyframe(cameraId);
        if (keyframe && keyframe.at !== watch.checkedAt()) taken.push({ cameraId, watch, keyframe });
        else schedule.later(cameraId, now);
      } catch (error) {
        schedule.done(cameraId, 'routine', now);
        log.warn({ cameraId, err: messageOf(error) }, 'a keyframe could not be taken');
      }
    }
    return taken;
  }

  async function lookAt(coding: 'h264' | 'h265', taken: readonly Taken[]): Promise<void> {
    const bytes = taken.map(({ keyframe }) => annexB(keyframe));
    const { pictures, cpuMs } = await decodeKeyframes(ffmpegPath, coding, bytes);
    let lookedMs = 0;
    for (const [index, { cameraId, watch, keyframe }] of taken.entries()) {
      // A round is many times what one turn of the loop may take: frames go first.
      await nextTurn();
      const picture = pictures[index];
      seen.checks += 1;
      if (!picture) {
        seen.undecodable += 1;
        schedule.done(cameraId, 'routine', clock.monotonic());
        continue;
      }
      const began = performance.now();
      const { changed } = watch.take(picture, keyframe.at);
      lookedMs += performance.now() - began;
      schedule.done(cameraId, watch.urgency(), clock.monotonic());
      if (changed) await tell(cameraId, watch, keyframe);
      await save(cameraId, watch);
    }
    const spent = cpuMs + lookedMs;
    seen.cpuMs += spent;
    schedule.spent(spent, taken.length);
  }

  async function tell(cameraId: string, watch: Watch, keyframe: Keyframe): Promise<void> {
    const finding = watch.finding();
    if (finding) {
      const mp4 = Buffer.concat([keyframe.init.bytes, keyframe.bytes]);
      const jpeg = await decodePicture(ffmpegPath, mp4, THUMBNAIL_WIDTH).catch((error: unknown) => {
        log.warn({ cameraId, err: messageOf(error) }, 'a thumbnail could not be made');
        return undefined;
      });
      await store.saveFinding(cameraId, finding, jpeg && { jpeg, at: keyframe.at });
      told.set(cameraId, finding);
      log.warn({ cameraId, problem: finding.problem }, 'something is wrong with the picture');
    } else {
      await store.endFinding(cameraId);
      told.delete(cameraId);
      log.info({ cameraId }, 'the picture is well again');
    }
    options.onFinding(cameraId, finding?.problem ?? null);
  }

  async function save(cameraId: string, watch: Watch): Promise<void> {
    const waiting = (unsaved.get(cameraId) ?? 0) + 1;
    unsaved.set(cameraId, waiting);
    if (waiting < SAVE_EVERY) return;
    unsaved.delete(cameraId);
    await store.saveLearned(cameraId, watch.learned());
    const finding = watch.finding();
    if (finding) await store.saveFinding(cameraId, finding);
  }

  async function dropRemoved(): Promise<void> {
    for (const cameraId of watches.keys()) {
      if (options.exists(cameraId)) continue;
      watches.delete(cameraId);
      told.delete(cameraId);
      unsaved.delete(cameraId);
      await store.forget(cameraId);
      await store.endFinding(cameraId);
    }
  }

  async function round(): Promise<void> {
    const ids = new Set(options.running());
    for (const [cameraId, watch] of watches) if (!ids.has(cameraId)) watch.restarted();
    schedule.follow(ids, clock.monotonic());
    await dropRemoved();
    const taken = await due();
    for (const coding of ['h264', 'h265'] as const) {
      const some = taken.filter(({ keyframe }) => keyframe.init.coding === coding);
      if (some.length > 0) await lookAt(coding, some);
    }
  }

  function tick(): void {
    // A machine that cannot keep up looks more seldom; rounds never pile up.
    if (busy) return;
    busy = true;
    running = round()
      .then(() => {
        failing = false;
      })
      .catch((error: unknown) => {
        if (!failing) log.error({ err: messageOf(error) }, 'pictures cannot be looked at');
        failing = true;
      })
      .finally(() => {
        busy = false;
      });
  }

  return {
    async start() {
      for (const cameraId of await store.cameraIds())
        if (!options.exists(cameraId)) {
          await store.forget(cameraId);
          await store.endFinding(cameraId);
        }
      for (const { cameraId, finding } of await store.findings()) {
        watches.set(cameraId, createWatch({ finding, learned: await store.learned(cameraId) }));
        told.set(cameraId, finding);
        options.onFinding(cameraId, finding.problem);
      }
      timer = setInterval(tick, TICK_MS);
    },
    async check(cameraId) {
      // Being asked about is no reason to be watched: whoever asks for all of a city would fill the memory.
      const watch =
        watches.get(cameraId) ?? createWatch({ finding: null, learned: await store.learned(cameraId) });
      const finding = told.get(cameraId) ?? null;
      const thumbnail = finding && (await store.thumbnail(cameraId));
      return {
        checkedAt: rounded(watch.checkedAt()),
        learned: learnedShare(watch.learned()),
        finding: finding && {
          problem: finding.problem,
          since: Math.round(finding.since),
          seenAt: Math.round(finding.seenAt),
          goodAt: rounded(finding.goodAt),
          shift: finding.shift,
          thumbnailAt: thumbnail?.at ?? null,
        },
      };
    },
    async thumbnail(cameraId) {
      const found = await store.thumbnail(cameraId);
      if (!found)
        throw new AppError('no-thumbnail', 404, 'Nothing is wrong with the picture, so none is kept.');
      return { jpeg: found.jpeg, footageTime: found.at };
    },
    async accept(cameraId, record) {
      if (!options.exists(cameraId)) throw notFound('camera', cameraId);
      const watch = await watchOf(cameraId);
      await db.transaction().execute(async (trx) => {
        await store.forget(cameraId, trx);
        await store.endFinding(cameraId, trx);
        await record(trx);
      });
      watch.accept();
      told.delete(cameraId);
      options.onFinding(cameraId, null);
    },
    figures() {
      const findings: PictureFigures['findings'] = { black: 0, frozen: 0, blurred: 0, moved: 0 };
      for (const { problem } of told.values()) findings[problem] += 1;
      return {
        checks: seen.checks,
        undecodable: seen.undecodable,
        cpuS: seen.cpuMs / 1_000,
        intervalMs: schedule.intervalMs(),
        costMs: schedule.costMs(),
        oldestMs: schedule.oldestMs(clock.monotonic()),
        findings,
      };
    },
    round,
    async stop() {
      clearInterval(timer);
      await running;
      for (const cameraId of unsaved.keys()) {
        const watch = watches.get(cameraId);
        if (watch?.learned().some(isReady)) await store.saveLearned(cameraId, watch.learned());
      }
    },
  };
}

const rounded = (at: number | null): number | null => (at === null ? null : Math.round(at));
