import type { DeviceRow } from './rows.ts';
import type { DeviceRecord } from './types.ts';

/** A record with what lists need to sort and search without a query. */
export interface DeviceEntry extends DeviceRecord {
  readonly sortKey: string;
  readonly search: string;
}

export type MemoryRow = Pick<
  DeviceRow,
  'num' | 'id' | 'kind' | 'lat' | 'lon' | 'azimuth_deg' | 'district_id' | 'parent_id' | 'sort_key' | 'search'
>;

export const memoryColumns = [
  'num',
  'id',
  'kind',
  'lat',
  'lon',
  'azimuth_deg',
  'district_id',
  'parent_id',
  'sort_key',
  'search',
] as const satisfies readonly (keyof MemoryRow)[];

/** Before, by (name, number)? The order of every list. */
export function isBefore(a: { sortKey: string; num: number }, b: { sortKey: string; num: number }): boolean {
  return a.sortKey === b.sortKey ? a.num < b.num : a.sortKey < b.sortKey;
}

/** Index of the first entry that is not before `place`. */
export function lowerBound(order: readonly DeviceEntry[], place: { sortKey: string; num: number }): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = order[middle];
    if (entry && isBefore(entry, place)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Every device in memory: by id, by number, and in the order of lists. Entries never change, they are
 * replaced; `order` is replaced whole, so that a walk that pauses goes on over what it began with.
 * Texts that repeat (areas, parents, sets of groups) are kept once.
 */
export class DeviceMemory {
  readonly #byId = new Map<string, DeviceEntry>();
  readonly #byNum: (DeviceEntry | undefined)[] = [];
  readonly #groupSets = new Map<string, readonly string[]>();
  readonly #texts = new Map<string, string>();
  readonly #groupCounts = new Map<string, number>();
  #order: readonly DeviceEntry[] = [];

  get count(): number {
    return this.#byId.size;
  }

  get order(): readonly DeviceEntry[] {
    return this.#order;
  }

  get(id: string): DeviceEntry | undefined {
    return this.#byId.get(id);
  }

  byNum(num: number): DeviceEntry | undefined {
    return this.#byNum[num];
  }

  all(): Iterable<DeviceEntry> {
    return this.#byId.values();
  }

  groupCount(groupId: string): number {
    return this.#groupCounts.get(groupId) ?? 0;
  }

  /** Puts a device in, in place of an older state of it. The order of lists is not touched. */
  put(row: MemoryRow, okrugId: string, groupIds: readonly string[]): DeviceEntry {
    const entry: DeviceEntry = {
      num: row.num,
      id: row.id,
      kind: row.kind,
      lat: row.lat,
      lon: row.lon,
      azimuthDeg: row.azimuth_deg,
      okrugId: this.#text(okrugId),
      districtId: this.#text(row.district_id),
      groupIds: this.#groupSet(groupIds),
      parentId: row.parent_id === null ? null : this.#text(row.parent_id),
      sortKey: row.sort_key,
      search: row.search,
    };
    const before = this.#byNum[row.num];
    if (before) this.#count(before.groupIds, -1);
    this.#byId.set(entry.id, entry);
    this.#byNum[entry.num] = entry;
    this.#count(entry.groupIds, 1);
    return entry;
  }

  /** Puts one device in and into its place in the order. */
  place(row: MemoryRow, okrugId: string, groupIds: readonly string[]): void {
    const before = this.#byNum[row.num];
    const order = before ? this.#without(before) : this.#order;
    const entry = this.put(row, okrugId, groupIds);
    this.#order = order.toSpliced(lowerBound(order, entry), 0, entry);
  }

  remove(id: string): void {
    const entry = this.#byId.get(id);
    if (!entry) return;
    this.#order = this.#without(entry);
    this.#byId.delete(id);
    this.#byNum[entry.num] = undefined;
    this.#count(entry.groupIds, -1);
  }

  /** Takes a group that is gone out of every device. */
  dropGroup(groupId: string): void {
    const nums = this.#order.map((entry) => entry.num);
    for (const entry of this.#order) {
      if (!entry.groupIds.includes(groupId)) continue;
      const changed = { ...entry, groupIds: this.#groupSet(entry.groupIds.filter((id) => id !== groupId)) };
      this.#byId.set(entry.id, changed);
      this.#byNum[entry.num] = changed;
    }
    this.#groupCounts.delete(groupId);
    this.setOrder(nums);
  }

  /** Sets the order of lists; `nums` come sorted by (name, number). */
  setOrder(nums: readonly number[]): void {
    const order: DeviceEntry[] = [];
    for (const num of nums) {
      const entry = this.#byNum[num];
      if (entry) order.push(entry);
    }
    this.#order = order;
  }

  #without(entry: DeviceEntry): readonly DeviceEntry[] {
    const at = lowerBound(this.#order, entry);
    return this.#order[at] === entry ? this.#order.toSpliced(at, 1) : this.#order.filter((e) => e !== entry);
  }

  #count(groupIds: readonly string[], by: number): void {
    for (const id of groupIds) this.#groupCounts.set(id, (this.#groupCounts.get(id) ?? 0) + by);
  }

  #text(text: string): string {
    const kept = this.#texts.get(text);
    if (kept !== undefined) return kept;
    this.#texts.set(text, text);
    return text;
  }

  #groupSet(ids: readonly string[]): readonly string[] {
    const sorted = [...ids].sort();
    const key = sorted.join('\n');
    const kept = this.#groupSets.get(key);
    if (kept) return kept;
    this.#groupSets.set(key, sorted);
    return sorted;
  }
}
