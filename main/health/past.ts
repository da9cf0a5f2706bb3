import type { Kysely } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { HealthStatus } from '../contract/health.ts';
import type { Database } from '../storage/tables.ts';

/** A stretch of time, UTC ms. */
export interface PastSpan {
  from: number;
  until: number;
}

/** A device's status from `at` on; `base` is the one beneath maintenance and flapping. */
export interface PastChange {
  at: number;
  status: HealthStatus;
  base: HealthStatus;
}

export interface HealthPast {
  /** When the hub was blind, clipped to nothing. */
  blindSpans(range: PastSpan): Promise<PastSpan[]>;
  /** Status changes in the range, after the one that held when it began, in order, by device number. */
  changes(nums: readonly number[], range: PastSpan): Promise<Map<number, PastChange[]>>;
}

/** What is kept of how devices were, for reports. */
export function createHealthPast(db: Kysely<Database>, clock: Clock): HealthPast {
  return {
    async blindSpans({ from, until }) {
      const rows = await db
        .selectFrom('blind_spans')
        .select(['from_ms', 'until_ms'])
        .where('from_ms', '<', until)
        .where((eb) => eb.or([eb('until_ms', 'is', null), eb('until_ms', '>', from)]))
        .execute();
      return rows.map((row) => ({ from: row.from_ms, until: row.until_ms ?? clock.now() }));
    },
    async changes(nums, { from, until }) {
      const before = await db
        .selectFrom('status_changes as c')
        .innerJoin(
          (eb) =>
            eb
              .selectFrom('status_changes')
              .select((of) => ['num', of.fn.max('id').as('last')])
              .where('num', 'in', nums)
              .where('at', '<', from)
              .groupBy('num')
              .as('l'),
          (join) => join.onRef('l.last', '=', 'c.id'),
        )
        .select(['c.num', 'c.at', 'c.status', 'c.base'])
        .execute();
      const within = await db
        .selectFrom('status_changes')
        .select(['num', 'at', 'status', 'base'])
        .where('num', 'in', nums)
        .where('at', '>=', from)
        .where('at', '<', until)
        .orderBy('num')
        .orderBy('id')
        .execute();
      const result = new Map<number, PastChange[]>();
      for (const { num, at, status, base } of [...before, ...within]) {
        const shown = HealthStatus.parse(status);
        const change = { at, status: shown, base: base === null ? shown : HealthStatus.parse(base) };
        const all = result.get(num);
        if (all) all.push(change);
        else result.set(num, [change]);
      }
      // A clock that was set back may have told later changes earlier times.
      for (const all of result.values()) all.sort((a, b) => a.at - b.at);
      return result;
    },
  };
}
