import type { DeviceRegistry } from '../devices/types.ts';
import type { HealthPast } from '../health/past.ts';
import type { OutagesByParent } from '../incidents/past-outages.ts';
import {
  availabilityOf,
  type Change,
  downAtWork,
  foundWithin,
  joined,
  type Span,
  type Times,
  unseen,
  withCommanded,
} from './availability.ts';

/** As many as an incident looks up to. */
const MOST_ANCESTORS = 6;
/** After a restart that was ordered above it, a device has this long to follow, ms; as in incidents. */
const FOLLOW_MS = 90_000;

export interface Reckoner {
  /** When the hub was blind, in order, without overlap. */
  blind(range: Span): Promise<Span[]>;
  /** How long each of the devices was what, by device number. `blind` as `blind(range)` gave it. */
  times(nums: readonly number[], range: Span, blind: readonly Span[]): Promise<Map<number, Times>>;
}

/** Reckons availability from what was kept of devices. */
export function createReckoner(options: {
  past: HealthPast;
  outagesByParent: OutagesByParent;
  /** When devices restarted because a person had them do so. */
  commanded?: OutagesByParent;
  /** How often a device is heard, ms; `NO_HEARTBEAT_MS` for one that tells of changes only. */
  heartbeatOf(num: number): number;
  devices: Pick<DeviceRegistry, 'byNum' | 'get'>;
}): Reckoner {
  const { past, outagesByParent, devices, heartbeatOf } = options;
  const commandedTimes = options.commanded ?? (async () => new Map<number, Span[]>());

  function above(num: number): number[] {
    const found: number[] = [];
    for (let id = devices.byNum(num)?.parentId ?? null; id !== null && found.length < MOST_ANCESTORS; ) {
      const parent = devices.get(id);
      if (!parent || found.includes(parent.num)) break;
      found.push(parent.num);
      id = parent.parentId;
    }
    return found;
  }

  return {
    blind: async (range) => joined(await past.blindSpans(range)),
    async times(nums, range, blind) {
      const parents = new Map(nums.map((num) => [num, above(num)]));
      const asked = [...new Set([...nums, ...[...parents.values()].flat()])];
      const [changes, outages, commands] = await Promise.all([
        past.changes(asked, range),
        outagesByParent(nums, range),
        commandedTimes(asked, range),
      ]);
      const commandedAt = (num: number): readonly Span[] => joined(commands.get(num) ?? []);
      const changesOf = (num: number): readonly Change[] =>
        withCommanded(changes.get(num) ?? [], commandedAt(num), range.until);
      const atWork = new Map<number, readonly Span[]>();
      /** Work on what devices hang on raises no incident, yet it is what takes them down. */
      const workOn = (num: number): readonly Span[] => {
        const spans = atWork.get(num) ?? [
          ...downAtWork(changesOf(num), range.until),
          ...commandedAt(num).map(({ from, until }) => ({ from, until: until + FOLLOW_MS })),
        ];
        atWork.set(num, spans);
        return spans;
      };
      return new Map(
        nums.map((num) => {
          const own = changesOf(num);
          const byParent = joined([...(outages.get(num) ?? []), ...(parents.get(num) ?? []).flatMap(workOn)]);
          return [
            num,
            availabilityOf(range, own, unseen(blind, own, foundWithin(heartbeatOf(num))), byParent),
          ];
        }),
      );
    },
  };
}
