import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { ShareHours, ShareKind } from '../contract/reports.ts';
import type { DeviceRegistry } from '../devices/types.ts';
import { mostlyUnknown, shares } from './availability.ts';
import type { Reckoner } from './reckoner.ts';

const HOUR_MS = 3_600_000;
/** So old may shares be before they are reckoned anew, and before whoever asks must wait for it, ms. */
const FRESH_MS = 60_000;
const USABLE_MS = 600_000;
const DEVICES_A_READ = 250;

/** How much of a stretch up to now devices of a kind worked. */
export interface ShareTable {
  from: number;
  to: number;
  /** By device number, 0 to 1; null when more of the time is unknown than known. Devices added since are missing. */
  shares: ReadonlyMap<number, number | null>;
}

export interface AvailabilityShares {
  of(kind: ShareKind, hours: ShareHours): Promise<ShareTable>;
}

/**
 * The shares of all devices of a kind, kept for a minute: any number of consoles cost one reckoning. What is older is
 * still shown while it is reckoned anew.
 */
export function createAvailabilityShares(options: {
  clock: Clock;
  log: Logger;
  reckoner: Reckoner;
  devices: Pick<DeviceRegistry, 'all'>;
}): AvailabilityShares {
  const { clock, log, reckoner, devices } = options;
  const kept = new Map<string, { at: number; table: ShareTable }>();
  const running = new Map<string, Promise<ShareTable>>();

  async function reckon(kind: ShareKind, hours: ShareHours): Promise<ShareTable> {
    const to = clock.now();
    const range = { from: to - hours * HOUR_MS, until: to };
    const nums = [...devices.all()].flatMap((device) => (device.kind === kind ? [device.num] : []));
    const blind = await reckoner.blind(range);
    const found = new Map<number, number | null>();
    for (let at = 0; at < nums.length; at += DEVICES_A_READ) {
      const times = await reckoner.times(nums.slice(at, at + DEVICES_A_READ), range, blind);
      for (const [num, of] of times) found.set(num, mostlyUnknown(of) ? null : shares(of).all);
      await setImmediate();
    }
    return { from: range.from, to, shares: found };
  }

  function anew(key: string, kind: ShareKind, hours: ShareHours): Promise<ShareTable> {
    const before = running.get(key);
    if (before) return before;
    const started = clock.monotonic();
    const promise = reckon(kind, hours)
      .then((table) => {
        kept.set(key, { at: started, table });
        return table;
      })
      .finally(() => running.delete(key));
    running.set(key, promise);
    return promise;
  }

  return {
    async of(kind, hours) {
      const key = `${kind} ${hours}`;
      const before = kept.get(key);
      const age = before ? clock.monotonic() - before.at : Number.POSITIVE_INFINITY;
      if (before && age < FRESH_MS) return before.table;
      const promise = anew(key, kind, hours);
      if (!before || age >= USABLE_MS) return promise;
      promise.catch((error: unknown) =>
        log.error({ err: messageOf(error) }, 'availability could not be reckoned anew'),
      );
      return before.table;
    },
  };
}
