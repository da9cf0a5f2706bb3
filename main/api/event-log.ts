/** Everything since a position, each device once, with its newest status. */
export interface Catchup {
  /** Device number, index in HealthStatuses, since (UTC ms). */
  changes: (readonly [num: number, status: number, since: number])[];
  /** The registry changed meanwhile. */
  devices: boolean;
}

/** The last changes, in order, so that a console that was away for a moment goes on where it was. */
export interface EventLog {
  status(num: number, status: number, since: number): void;
  devices(): void;
  /** Position after the newest entry. */
  readonly head: number;
  /** Undefined when the position is too far behind or never was. Worked out once for all who ask the same. */
  since(position: number): Catchup | undefined;
}

const DEVICES_CHANGED = 0xffffffff;
/** From so many entries on, fetching anew is cheaper than being told. */
const BEHIND_LIMIT = 20_000;
/** Consoles in step ask for few positions; who names many may not fill the memory. */
const KEPT_LIMIT = 64;

export function createEventLog(capacity: number): EventLog {
  const nums = new Uint32Array(capacity);
  const statuses = new Uint8Array(capacity);
  const times = new Float64Array(capacity);
  const kept = new Map<number, Catchup>();
  let head = 0;

  function append(num: number, status: number, since: number): void {
    const at = head % capacity;
    nums[at] = num;
    statuses[at] = status;
    times[at] = since;
    head += 1;
    kept.clear();
  }

  function collect(position: number): Catchup {
    const newest = new Map<number, readonly [number, number, number]>();
    let devices = false;
    for (let entry = position; entry < head; entry++) {
      const at = entry % capacity;
      const num = nums[at] ?? 0;
      if (num === DEVICES_CHANGED) devices = true;
      else newest.set(num, [num, statuses[at] ?? 0, times[at] ?? 0]);
    }
    return { changes: [...newest.values()], devices };
  }

  return {
    status: append,
    devices: () => append(DEVICES_CHANGED, 0, 0),
    get head() {
      return head;
    },
    since(position) {
      if (!Number.isInteger(position) || position > head) return undefined;
      if (position < Math.max(0, head - Math.min(capacity, BEHIND_LIMIT))) return undefined;
      let catchup = kept.get(position);
      if (!catchup) {
        catchup = collect(position);
        if (kept.size >= KEPT_LIMIT) kept.clear();
        kept.set(position, catchup);
      }
      return catchup;
    },
  };
}
