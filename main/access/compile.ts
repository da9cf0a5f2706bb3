import { Bitset } from '../base/bitset.ts';
import type { Action, Scope } from '../contract/access.ts';
import type { DeviceIndex } from './device-index.ts';
import type { RightsGrant } from './may.ts';

/** On which devices one action is allowed, and how far back. Shared by everybody whose grants come to the same. */
export interface Reach {
  readonly bits: Bitset;
  /** Hours back for a device in `bits`; Infinity is all of it. */
  depthHours(num: number): number;
}

/** Compiled reaches of the present registry, by what makes them up. */
export interface ReachCache {
  /** `inForce` are a person's grants that hold now. */
  reach(inForce: readonly RightsGrant[], action: Action): Reach;
}

/** More different reaches than any city needs; beyond it the cache starts anew rather than grow. */
const MOST_REACHES = 512;

interface ScopeSet {
  city: boolean;
  okrugs: Set<string>;
  districts: Set<string>;
  groups: Set<string>;
  nums: Set<number>;
}

export function createReachCache(index: DeviceIndex): ReachCache {
  const cache = new Map<string, Reach>();
  return {
    reach(inForce, action) {
      const about = inForce.filter((grant) => grant.actions.has(action));
      const key = [...new Set(about.map(partOf))].sort().join('\n');
      const known = cache.get(key);
      if (known) return known;
      if (cache.size >= MOST_REACHES) cache.clear();
      const made = compileReach(about, index);
      cache.set(key, made);
      return made;
    },
  };
}

const partOf = ({ effect, scope, archiveHours }: RightsGrant): string =>
  JSON.stringify([effect, scope.type, scope.type === 'city' ? '' : scope.id, archiveHours]);

/** Compiles the grants about one action; what isn't about it must have been left out, and what is not in force. */
export function compileReach(about: readonly RightsGrant[], index: DeviceIndex): Reach {
  const denied = scopeSet(
    about.filter(({ effect }) => effect === 'deny').map(({ scope }) => scope),
    index,
  );
  const byDepth = new Map<number, Scope[]>();
  for (const { effect, scope, archiveHours } of about) {
    if (effect === 'deny') continue;
    const depth = archiveHours ?? Number.POSITIVE_INFINITY;
    byDepth.set(depth, [...(byDepth.get(depth) ?? []), scope]);
  }
  // Deepest first: the first one that covers a device is the depth it has.
  const layers = [...byDepth]
    .sort(([a], [b]) => b - a)
    .map(([depth, scopes]) => ({ depth, scopes: scopeSet(scopes, index) }));

  const bits = new Bitset(index.length);
  const depths = layers.length > 1 ? new Float64Array(index.length) : null;
  for (let num = 0; num < index.length && layers.length > 0; num += 1) {
    if (index.ids[num] === undefined) continue;
    const layer = layers.find(({ scopes }) => covers(scopes, index, num));
    if (!layer || covers(denied, index, num)) continue;
    bits.add(num);
    if (depths) depths[num] = layer.depth;
  }
  const only = layers[0]?.depth ?? 0;
  return { bits, depthHours: (num) => (depths ? (depths[num] ?? 0) : only) };
}

function scopeSet(scopes: readonly Scope[], index: DeviceIndex): ScopeSet {
  const set: ScopeSet = {
    city: false,
    okrugs: new Set(),
    districts: new Set(),
    groups: new Set(),
    nums: new Set(),
  };
  for (const scope of scopes) {
    if (scope.type === 'city') set.city = true;
    else if (scope.type === 'okrug') set.okrugs.add(scope.id);
    else if (scope.type === 'district') set.districts.add(scope.id);
    else if (scope.type === 'group') set.groups.add(scope.id);
    else {
      const num = index.numOf(scope.id);
      if (num !== undefined) set.nums.add(num);
    }
  }
  return set;
}

function covers(set: ScopeSet, index: DeviceIndex, num: number): boolean {
  if (set.city || set.nums.has(num)) return true;
  const { okrugs, districts, groups } = index;
  return (
    (set.okrugs.size > 0 && set.okrugs.has(okrugs[num] ?? '')) ||
    (set.districts.size > 0 && set.districts.has(districts[num] ?? '')) ||
    (set.groups.size > 0 && (groups[num] ?? []).some((id) => set.groups.has(id)))
  );
}
