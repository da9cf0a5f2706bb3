/** Devices of one district that die this shortly after each other died of the same, ms. */
const TOGETHER_MS = 10_000;
/** So many of them are an outage of the district. */
export const OUTAGE_FROM = 25;
/** So many, of so many districts, are one outage of the city: its power, its backbone. */
export const CITY_OUTAGE_FROM = 100;
export const CITY_OUTAGE_DISTRICTS = 5;
/** The area of an outage that keeps to no district; no district's id. */
export const WHOLE_CITY = '*';

/** Splits what failed into runs with no longer pause between neighbours than `TOGETHER_MS`. */
export function runsOf<T extends { since: number }>(failed: readonly T[]): T[][] {
  const runs: T[][] = [];
  for (const item of [...failed].sort((a, b) => a.since - b.since)) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run && before && item.since - before.since <= TOGETHER_MS) run.push(item);
    else runs.push([item]);
  }
  return runs;
}
