import type { HealthPast } from '../health/past.ts';
import type { OutagesByParent } from '../incidents/past-outages.ts';
import { availabilityOf, joined, type Span, type Times, unseen } from './availability.ts';

export interface Reckoner {
  /** When the hub was blind, in order, without overlap. */
  blind(range: Span): Promise<Span[]>;
  /** How long each of the devices was what, by device number. `blind` as `blind(range)` gave it. */
  times(nums: readonly number[], range: Span, blind: readonly Span[]): Promise<Map<number, Times>>;
}

/** Reckons availability from what was kept of devices. */
export function createReckoner(options: { past: HealthPast; outagesByParent: OutagesByParent }): Reckoner {
  const { past, outagesByParent } = options;
  return {
    blind: async (range) => joined(await past.blindSpans(range)),
    async times(nums, range, blind) {
      const [changes, outages] = await Promise.all([past.changes(nums, range), outagesByParent(nums, range)]);
      return new Map(
        nums.map((num) => {
          const own = changes.get(num) ?? [];
          return [num, availabilityOf(range, own, unseen(blind, own), joined(outages.get(num) ?? []))];
        }),
      );
    },
  };
}
