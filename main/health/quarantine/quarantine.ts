import {
  type QuarantineEntry,
  type QuarantineReason,
  QuarantineReasons,
  type Tongue,
  Tongues,
} from '../../contract/quarantine.ts';
import { formatTopic } from '../../mqtt/topics.ts';
import type { MessageTopic } from '../../mqtt/types.ts';
import { headOf, sampleOf } from './sample.ts';
import type { QuarantineBatch, QuarantineKey, QuarantineRow } from './store.ts';

/** Of so many devices and reasons details are kept, about 600 bytes in memory and 1.5 KB in the database each. */
const DETAILS_LIMIT = 10_000;
const TOPIC_CHARS = 300;

/** A message that does not count. */
export interface Refusal {
  num: number;
  tongue: Tongue;
  /** A word of `QuarantineReasons`; after a space, where there is one, the place of the field. */
  reason: string;
  /** What was expected there. Says nothing of the message's own content. */
  detail?: string | undefined;
  /** Undefined: the message was too long for anybody to read its topic. */
  topic: MessageTopic | undefined;
  payload: Uint8Array;
  /** UTC ms. */
  at: number;
}

/** What was refused since the start, by tongue and reason. */
export interface RefusedTotal {
  tongue: Tongue;
  reason: QuarantineReason;
  count: number;
}

/** What every device was refused. In memory are the counts; what the newest message was is in the database. */
export interface Quarantine {
  take(refusal: Refusal): void;
  /** Of all reasons together; undefined of a device that was never refused anything. */
  of(num: number): QuarantineRow | undefined;
  /** What is not stored yet of a device, the samples made of it. */
  unstored(num: number): QuarantineEntry[];
  totals(): readonly RefusedTotal[];
  /** What waits to be stored: hand it back to `written` or to `failed`. */
  waiting(most: number): QuarantineBatch;
  written(batch: QuarantineBatch): void;
  failed(batch: QuarantineBatch): void;
  restore(rows: readonly QuarantineRow[], details: readonly RestoredDetail[]): void;
}

export type RestoredDetail = QuarantineKey & Pick<QuarantineEntry, 'count' | 'firstAt' | 'lastAt'>;

interface Newest {
  topic: MessageTopic | undefined;
  place: string | null;
  detail: string | null;
  head: Buffer;
  bytes: number;
}

interface Detail extends RestoredDetail {
  /** The newest message, until it is stored. */
  newest: Newest | undefined;
  stored: boolean;
}

const known = new Set<string>(QuarantineReasons);
const isReason = (word: string): word is QuarantineReason => known.has(word);
const textOf = (topic: MessageTopic): string =>
  ('foreign' in topic ? topic.foreign : formatTopic(topic)).slice(0, TOPIC_CHARS).toWellFormed();
const keyOf = (num: number, tongue: Tongue, reason: QuarantineReason) => `${num} ${tongue} ${reason}`;

/** @param limit devices and reasons of which details are kept: those heard of longest ago go first */
export function createQuarantine(limit = DETAILS_LIMIT): Quarantine {
  const sums = new Map<number, QuarantineRow>();
  const dirtySums = new Set<number>();
  /** The one heard of longest ago first. */
  const details = new Map<string, Detail>();
  const dirty = new Set<string>();
  /** Stored ones that were let go. */
  const gone = new Map<string, QuarantineKey>();
  const totals = new Map<string, RefusedTotal>();

  function countTotal(tongue: Tongue, reason: QuarantineReason): void {
    const name = `${tongue} ${reason}`;
    const total = totals.get(name);
    if (total) total.count += 1;
    else totals.set(name, { tongue, reason, count: 1 });
  }

  function makeRoom(): void {
    for (const [key, { num, tongue, reason, stored }] of details) {
      if (details.size <= limit) return;
      details.delete(key);
      dirty.delete(key);
      if (stored) gone.set(key, { num, tongue, reason });
    }
  }

  const entryOf = (
    detail: Detail,
    { topic, place, detail: expected, head, bytes }: Newest,
  ): QuarantineEntry => ({
    ...{ tongue: detail.tongue, reason: detail.reason, count: detail.count },
    ...{ firstAt: detail.firstAt, lastAt: detail.lastAt },
    topic: topic ? textOf(topic) : '',
    ...{ place, detail: expected, sample: sampleOf(head, bytes) },
  });

  return {
    take({ num, tongue, reason: text, detail: expected, topic, payload, at }) {
      const space = text.indexOf(' ');
      const word = space < 0 ? text : text.slice(0, space);
      const reason = isReason(word) ? word : 'other';
      countTotal(tongue, reason);
      sums.set(num, { num, count: (sums.get(num)?.count ?? 0) + 1, lastReason: text, lastAt: at });
      dirtySums.add(num);
      const key = keyOf(num, tongue, reason);
      const before = details.get(key);
      details.delete(key);
      details.set(key, {
        ...{ num, tongue, reason, count: (before?.count ?? 0) + 1 },
        ...{ firstAt: before?.firstAt ?? at, lastAt: at, stored: before?.stored ?? gone.delete(key) },
        newest: {
          ...{ topic, head: headOf(payload), bytes: payload.length, detail: expected ?? null },
          place: space < 0 ? null : text.slice(space + 1),
        },
      });
      dirty.add(key);
      makeRoom();
    },
    of: (num) => sums.get(num),
    unstored: (num) =>
      Tongues.flatMap((tongue) =>
        QuarantineReasons.flatMap((reason) => {
          const detail = details.get(keyOf(num, tongue, reason));
          return detail?.newest ? [entryOf(detail, detail.newest)] : [];
        }),
      ),
    totals: () => [...totals.values()],
    waiting(most) {
      const batch: QuarantineBatch = { sums: [], details: [], gone: [...gone.values()] };
      gone.clear();
      for (const num of dirtySums) {
        if (batch.sums.length === most) break;
        dirtySums.delete(num);
        const sum = sums.get(num);
        if (sum) batch.sums.push(sum);
      }
      for (const key of dirty) {
        if (batch.details.length === most) break;
        dirty.delete(key);
        const detail = details.get(key);
        if (!detail?.newest) continue;
        batch.details.push({ num: detail.num, ...entryOf(detail, detail.newest) });
      }
      return batch;
    },
    written(batch) {
      for (const { num, tongue, reason, count } of batch.details) {
        const key = keyOf(num, tongue, reason);
        const detail = details.get(key);
        // Let go while it was being written.
        if (!detail) gone.set(key, { num, tongue, reason });
        else {
          detail.stored = true;
          if (detail.count === count) detail.newest = undefined;
        }
      }
    },
    failed(batch) {
      for (const { num } of batch.sums) dirtySums.add(num);
      for (const { num, tongue, reason } of batch.details) dirty.add(keyOf(num, tongue, reason));
      for (const key of batch.gone) gone.set(keyOf(key.num, key.tongue, key.reason), key);
    },
    restore(rows, restored) {
      for (const row of rows) sums.set(row.num, row);
      for (const detail of restored)
        details.set(keyOf(detail.num, detail.tongue, detail.reason), {
          ...detail,
          ...{ newest: undefined, stored: true },
        });
      makeRoom();
    },
  };
}
