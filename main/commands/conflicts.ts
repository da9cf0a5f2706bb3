import type { CommandKind } from '../contract/command-spec.ts';
import type { DeviceRecord } from '../devices/types.ts';
import type { Claims, Holder } from './claims.ts';
import { EXCLUSIVE_GROUPS, groupOf, isExclusive, RESTART } from './spec.ts';

/** No network of ours is deeper; a circle in the registry ends here. */
const MOST_ANCESTORS = 8;

/** What is wanted at a device. */
export interface Wanted {
  kind: CommandKind;
  /** Of a `poe-cycle` the switch, else the device itself. */
  executor: DeviceRecord;
  /** Commands of the same run are no obstacle: they were ordered together. Null: of none yet. */
  runId: string | null;
}

/** The command that stands in the way; undefined when nothing does. */
export type FindConflict = (
  device: DeviceRecord,
  wanted: Wanted,
  /** Whether a command that does something else at the device is to be waited for. */
  counts: (holder: Holder) => boolean,
) => Holder | undefined;

/**
 * Commands whose effects could be taken for each other's keep each other out: two of a kind at a device for as long as
 * the first waits or runs; two of different kinds while the first is about to be sent or under way; and a restart and
 * whatever is done at the devices that it takes down. The lamp disturbs nothing and may blink beside all of them.
 */
export function createConflicts(options: {
  claims: Pick<Claims, 'holder'>;
  get(id: string): DeviceRecord | undefined;
  below(device: DeviceRecord): readonly DeviceRecord[];
  /** Commands that this switch is to carry out at its ports. */
  atPortsOf(switchId: string): Iterable<Holder>;
}): FindConflict {
  const { claims, get, below } = options;

  function* above(device: DeviceRecord, executor: DeviceRecord): Generator<DeviceRecord> {
    if (executor.id !== device.id) yield executor;
    for (let at = device, depth = 0; at.parentId !== null && depth < MOST_ANCESTORS; depth++) {
      const parent = get(at.parentId);
      if (!parent || parent.id === device.id) return;
      yield parent;
      at = parent;
    }
  }

  /** Commands of other kinds at the device, and those that its restart, or a restart above it, would meet. */
  function* others(device: DeviceRecord, { kind, executor }: Wanted): Generator<Holder | undefined> {
    for (const group of EXCLUSIVE_GROUPS) yield claims.holder(device.num, group);
    for (const { num } of above(device, executor)) yield claims.holder(num, RESTART);
    if (groupOf(kind) !== RESTART) return;
    for (const { num } of below(device))
      for (const group of EXCLUSIVE_GROUPS) yield claims.holder(num, group);
    if (device.kind === 'switch') yield* options.atPortsOf(device.id);
  }

  return (device, wanted, counts) => {
    const { kind, runId } = wanted;
    const same = claims.holder(device.num, groupOf(kind));
    if (same && same.run.id !== runId) return same;
    if (!isExclusive(kind)) return undefined;
    for (const holder of others(device, wanted))
      if (holder && holder.run.id !== runId && counts(holder)) return holder;
    return undefined;
  };
}
