/** How many results are looked back upon: Nagios and Naemon take 21, which give 20 possible changes. */
const RESULTS = 21;
const CHANGES = RESULTS - 1;
const ALL = 2 ** CHANGES - 1;
/** A share of changes above the higher threshold begins flapping, one below the lower ends it. */
export const FLAPPING_FROM = 0.3;
export const STEADY_BELOW = 0.2;
/** The oldest change counts this much, the newest so much more. */
const OLDEST_WEIGHT = 0.8;
const NEWEST_WEIGHT = 1.2;

/** The last changes of a device as bits, the newest lowest: a result is "it answers" or "it does not". */
export const withResult = (changes: number, changed: boolean): number =>
  ((changes << 1) | (changed ? 1 : 0)) & ALL;

/** Share of the possible changes that happened, the newer ones weighing more, 0 to 1. */
export function changeShare(changes: number): number {
  let sum = 0;
  let whole = 0;
  for (let age = 0; age < CHANGES; age++) {
    const weight = NEWEST_WEIGHT - (age * (NEWEST_WEIGHT - OLDEST_WEIGHT)) / (CHANGES - 1);
    whole += weight;
    if ((changes >> age) & 1) sum += weight;
  }
  return sum / whole;
}

/** Rule of liveness 8, with a threshold each way so that flapping does not itself flap. */
export function flaps(changes: number, before: boolean): boolean {
  const share = changeShare(changes);
  return before ? share >= STEADY_BELOW : share > FLAPPING_FROM;
}
