import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { AppError, messageOf, notFound } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { Logger } from '../base/logging.ts';
import type { HoldInput, HoldPreview, HoldPreviewInput, HoldQuota } from '../contract/holds.ts';
import type { Database } from '../storage/tables.ts';
import type { HeldFootage } from './held.ts';
import { createHoldBytes, type StretchBytes } from './hold-bytes.ts';
import { createHoldClock } from './hold-clock.ts';
import {
  assertQuota,
  assertStretch,
  type HoldLimits,
  holdUntil,
  keptUntil,
  merged,
  type Stretch,
  totalMs,
} from './hold-rules.ts';
import { createHoldStore, type HoldRecord, heldStretches } from './hold-store.ts';
import { createOpenHolds } from './open-holds.ts';

export type { HoldRecord } from './hold-store.ts';

const SWEEP_EVERY_MS = 15_000;
const HOUR_MS = 3_600_000;
/** Footage is looked up again after this long: files of a past stretch can only become fewer by a lost disk. */
const BYTES_KEPT_MS = 60_000;

export interface Actor {
  id: string;
  name: string;
}

/** Writes the entry of a change into the audit log, in the change's own transaction. */
export type TellHold = (trx: Transaction<Database>, hold: HoldRecord) => Promise<void>;

export interface HoldsOptions {
  db: Kysely<Database>;
  clock: Clock;
  log: Logger;
  limits: HoldLimits;
  /** Bytes that footage may take in all, held or not. */
  roomBytes(): Promise<number>;
  /** Puts on record that a hold ended by itself. */
  onEnded: TellHold;
}

/** Booked footage: what retention must leave alone, who asked for it, and until when. */
export interface Holds {
  /** What retention must leave alone. */
  held: HeldFootage;
  /** Holds on a camera's footage of a range that are not over. */
  of(cameraId: string, from: number, to: number): HoldRecord[];
  open(): HoldRecord[];
  ended(limit: number, before?: string): Promise<HoldRecord[]>;
  /** @throws AppError `not-found` */
  get(id: string): Promise<HoldRecord>;
  bytes(hold: HoldRecord): Promise<number>;
  quota(personId: string): Promise<HoldQuota>;
  /** @throws AppError `bad-range`, `hold-too-far` */
  preview(personId: string, input: HoldPreviewInput): Promise<Omit<HoldPreview, 'as'>>;
  /** @throws AppError `bad-range`, `hold-too-far`, `hold-until`, `hold-nothing`, `hold-quota`, `hold-quota-person` */
  add(by: Actor, input: HoldInput, state: 'requested' | 'held', tell: TellHold): Promise<HoldRecord>;
  /** @throws AppError `not-found`, `hold-not-requested`, `hold-own-request` */
  approve(by: Actor, id: string, tell: TellHold): Promise<HoldRecord>;
  /** @throws AppError `not-found`, `hold-ended`, `hold-not-longer`, `hold-until` */
  prolong(id: string, until: number, tell: TellHold): Promise<HoldRecord>;
  /** @throws AppError `not-found`, `hold-ended` */
  end(by: Actor, id: string, note: string, tell: TellHold): Promise<HoldRecord>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createHolds({ db, clock, log, limits, roomBytes, onEnded }: HoldsOptions): Holds {
  const store = createHoldStore(db);
  const footage = createHoldBytes(db);
  const open = createOpenHolds();
  const time = createHoldClock(clock);
  const known = new Map<string, { at: number; bytes: StretchBytes }>();
  let last: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  /** Changes run one after the other, so that each is judged by what the last one left. */
  function inTurn<T>(change: () => Promise<T>): Promise<T> {
    const result = last.then(change);
    last = result.catch(() => undefined);
    return result;
  }

  async function bytesOf(stretch: Stretch): Promise<StretchBytes> {
    const now = clock.now();
    const key = `${stretch.cameraId} ${stretch.from} ${stretch.to}`;
    const found = known.get(key);
    const monotonic = clock.monotonic();
    if (found && monotonic - found.at < BYTES_KEPT_MS && stretch.to < now) return found.bytes;
    for (const [old, { at }] of known) if (monotonic - at >= BYTES_KEPT_MS) known.delete(old);
    const bytes = await footage.of(stretch, now);
    known.set(key, { at: monotonic, bytes });
    return bytes;
  }

  const stretchesOf = (holds: readonly Pick<HoldRecord, 'cameraIds' | 'from' | 'to'>[]): Stretch[] =>
    merged(holds.flatMap(({ cameraIds, from, to }) => cameraIds.map((cameraId) => ({ cameraId, from, to }))));

  async function sum(stretches: readonly Stretch[]): Promise<StretchBytes> {
    const total: StretchBytes = { bytes: 0, recordedMs: 0, futureMs: 0, futureBytes: 0 };
    for (const stretch of stretches) {
      const one = await bytesOf(stretch);
      total.bytes += one.bytes;
      total.recordedMs += one.recordedMs;
      total.futureMs += one.futureMs;
      total.futureBytes += one.futureBytes;
    }
    return total;
  }

  /** What is held with these holds: by the hub in bytes, by one person in camera-milliseconds. */
  async function used(
    holds: readonly Pick<HoldRecord, 'cameraIds' | 'from' | 'to' | 'by'>[],
    personId: string,
  ) {
    const { bytes, futureBytes } = await sum(stretchesOf(holds));
    const own = holds.filter(({ by }) => by.id === personId);
    return { hubBytes: bytes + futureBytes, personMs: totalMs(stretchesOf(own)) };
  }

  const limitsNow = async () => ({
    hubBytes: Math.floor((await roomBytes()) * limits.maxShare),
    personMs: limits.hoursPerPerson * HOUR_MS,
  });

  async function quota(personId: string): Promise<HoldQuota> {
    const [most, now] = [await limitsNow(), await used(open.all(), personId)];
    return {
      defaultDays: Math.min(limits.defaultDays, limits.maxDays),
      maxDays: limits.maxDays,
      hub: { usedBytes: now.hubBytes, limitBytes: most.hubBytes },
      person: { usedMs: now.personMs, limitMs: most.personMs },
    };
  }

  const running = (id: string): HoldRecord => {
    const hold = open.get(id);
    if (!hold) throw notFound('running hold', id);
    return hold;
  };

  async function change(hold: HoldRecord, tell: TellHold): Promise<HoldRecord> {
    await db.transaction().execute(async (trx) => {
      await store.update(trx, hold);
      await tell(trx, hold);
    });
    if (hold.state === 'ended') open.drop(hold.id);
    else open.put(hold);
    return hold;
  }

  /** Ends what is over. A hold that could not be ended stays, and is tried again. */
  async function sweep(): Promise<void> {
    const due = time.due();
    if (due === undefined) return;
    for (const hold of open.all()) {
      if (hold.keptUntil > due) continue;
      const endReason = hold.state === 'requested' && hold.until > due ? 'unconfirmed' : 'expired';
      await change({ ...hold, state: 'ended', endedAt: clock.now(), endReason }, onEnded);
      log.info({ hold: hold.id, endReason }, 'a hold ended by itself');
    }
  }

  return {
    held: heldStretches,
    of: open.of,
    open: open.all,
    ended: (limit, before) => store.ended(limit, before),
    async get(id) {
      const hold = open.get(id) ?? (await store.get(id));
      if (!hold) throw notFound('hold', id);
      return hold;
    },
    bytes: async (hold) => (hold.state === 'ended' ? 0 : (await sum(stretchesOf([hold]))).bytes),
    quota,
    async preview(personId, { cameraIds, from, to }) {
      assertStretch(from, to, clock.now());
      const stretches = stretchesOf([{ cameraIds, from, to }]);
      return { ...(await sum(stretches)), askedMs: totalMs(stretches), quota: await quota(personId) };
    },
    add: (by, input, state, tell) =>
      inTurn(async () => {
        const now = clock.now();
        const { from, to, basis } = input;
        assertStretch(from, to, now);
        const until = holdUntil(input.until, to, now, limits);
        const hold: HoldRecord = {
          id: newId(now),
          cameraIds: [...new Set(input.cameraIds)].sort(),
          ...{ from, to, until, keptUntil: keptUntil(state, until, now), basis, state, by, at: now },
          ...{
            approvedBy: null,
            approvedAt: null,
            endedAt: null,
            endedBy: null,
            endReason: null,
            endNote: null,
          },
        };
        const there = await sum(stretchesOf([hold]));
        if (there.bytes === 0 && there.futureMs === 0)
          throw new AppError('hold-nothing', 409, 'There is no footage in this stretch to keep.');
        const before = open.all();
        assertQuota(await limitsNow(), await used(before, by.id), await used([...before, hold], by.id));
        await db.transaction().execute(async (trx) => {
          await store.insert(trx, hold);
          await tell(trx, hold);
        });
        open.put(hold);
        return hold;
      }),
    approve: (by, id, tell) =>
      inTurn(async () => {
        const hold = running(id);
        if (hold.state !== 'requested')
          throw new AppError('hold-not-requested', 409, 'This hold is confirmed already.');
        if (hold.by.id === by.id)
          throw new AppError(
            'hold-own-request',
            403,
            'Nobody confirms his own request. Ask somebody else who may keep footage.',
          );
        const confirmed: HoldRecord = { ...hold, state: 'held', keptUntil: hold.until };
        return change({ ...confirmed, approvedBy: by, approvedAt: clock.now() }, tell);
      }),
    prolong: (id, until, tell) =>
      inTurn(async () => {
        const hold = running(id);
        if (until <= hold.until)
          throw new AppError(
            'hold-not-longer',
            400,
            'The new date is not later than the old one. To free footage earlier, end the hold.',
          );
        const checked = holdUntil(until, hold.to, clock.now(), limits);
        return change(
          { ...hold, until: checked, keptUntil: hold.state === 'held' ? checked : hold.keptUntil },
          tell,
        );
      }),
    end: (by, id, note, tell) =>
      inTurn(async () => {
        const hold = running(id);
        const over = { state: 'ended', endReason: 'ended', endedBy: by, endNote: note } as const;
        return change({ ...hold, ...over, endedAt: clock.now() }, tell);
      }),
    async start() {
      for (const hold of await store.open()) open.put(hold);
      timer = setInterval(() => {
        inTurn(sweep).catch((error: unknown) =>
          log.error({ err: messageOf(error) }, 'holds that are over could not be ended'),
        );
      }, SWEEP_EVERY_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await last;
    },
  };
}
