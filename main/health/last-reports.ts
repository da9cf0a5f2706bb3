import type { DeviceKind } from '../contract/device.ts';
import { createByteSlots } from './byte-slots.ts';
import { type Details, detailsOf } from './details.ts';
import { type DeviceState, parseState } from './payloads.ts';

const WHEN_BYTES = 8;

/** What every device said last. */
export interface LastReports {
  /** `details` are those of `state`. */
  keep(num: number, state: DeviceState, details: Details): void;
  /** What the next report is compared with, of devices whose counters are: access points. */
  compared(num: number): Details | undefined;
  get(num: number): Details | undefined;
  drop(num: number): void;
  /** Drops the clients that devices reported before, UTC ms, and not since. */
  forgetClients(before: number): void;
  nums(): number[];
}

/**
 * Access points are few and each report is compared with the one before: their details are kept as they are. Of the
 * very many others the message itself is kept, and read again when somebody looks: the details of 170,000 devices as
 * objects would be most of the hub's memory and, replaced twice a minute, most of its garbage.
 */
export function createLastReports(kindOf: (num: number) => DeviceKind | undefined): LastReports {
  const compared = new Map<number, Details>();
  const slots = createByteSlots();
  let entry = Buffer.alloc(4096);

  return {
    keep(num, state, details) {
      if (state.kind === 'ap') {
        compared.set(num, details);
        return;
      }
      const bytes = state.source ?? Buffer.from(JSON.stringify(state.report));
      const length = WHEN_BYTES + bytes.length;
      if (length > entry.length) entry = Buffer.alloc(length);
      entry.writeDoubleLE(details.reportedAt, 0);
      entry.set(bytes, WHEN_BYTES);
      slots.put(num, entry.subarray(0, length));
    },
    compared: (num) => compared.get(num),
    get(num) {
      const held = slots.get(num);
      const kind = kindOf(num);
      if (!held || kind === undefined) return compared.get(num);
      const read = parseState(kind, held.subarray(WHEN_BYTES));
      if (!read.ok) return undefined;
      const reportedAt = new DataView(held.buffer, held.byteOffset).getFloat64(0, true);
      return detailsOf(read.value, undefined, reportedAt);
    },
    drop(num) {
      compared.delete(num);
      slots.drop(num);
    },
    forgetClients(before) {
      for (const [num, said] of compared)
        if (said.clients.length > 0 && said.reportedAt < before) compared.set(num, { ...said, clients: [] });
    },
    nums: () => [...compared.keys(), ...slots.nums()],
  };
}
