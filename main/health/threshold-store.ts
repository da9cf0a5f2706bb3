import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { isMeasured, Threshold, type ThresholdInput } from '../contract/thresholds.ts';
import type { Database } from '../storage/tables.ts';
import { defaultThresholds } from './thresholds.ts';

/** The thresholds that people set; those of a fresh hub until somebody does. */
export function createThresholdStore({ db, clock }: { db: Kysely<Database>; clock: Clock }) {
  let all: Threshold[] = [];

  async function write(trx: Transaction<Database>, thresholds: readonly Threshold[]): Promise<void> {
    await trx.deleteFrom('thresholds').execute();
    for (const [place, { id, ...rule }] of thresholds.entries())
      await trx
        .insertInto('thresholds')
        .values({ id, place, rule: JSON.stringify(rule) })
        .execute();
  }

  const withIds = (inputs: readonly ThresholdInput[]): Threshold[] =>
    inputs.map((input) => {
      const { kind, metric, side } = input;
      const before = all.find((one) => one.kind === kind && one.metric === metric && one.side === side);
      return { ...input, id: before?.id ?? newId(clock.now()) };
    });

  return {
    async load(): Promise<readonly Threshold[]> {
      const rows = await db.selectFrom('thresholds').selectAll().orderBy('place').execute();
      all = rows
        .map(({ id, rule }) => Threshold.parse({ ...JSON.parse(rule), id }))
        // Ones that could never be raised were once accepted; now they would keep all from being changed.
        .filter(({ kind, metric }) => isMeasured(kind, metric));
      if (all.length > 0) return all;
      const fresh = withIds(defaultThresholds);
      await db.transaction().execute((trx) => write(trx, fresh));
      all = fresh;
      return all;
    },
    all: (): readonly Threshold[] => all,
    async replace(
      inputs: readonly ThresholdInput[],
      record: (trx: Transaction<Database>) => Promise<void>,
    ): Promise<readonly Threshold[]> {
      const next = withIds(inputs);
      await db.transaction().execute(async (trx) => {
        await write(trx, next);
        await record(trx);
      });
      all = next;
      return all;
    },
  };
}
