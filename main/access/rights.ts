import type { Bitset } from '../base/bitset.ts';
import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Action } from '../contract/access.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { DeviceRecord, DeviceRegistry } from '../devices/types.ts';
import { createReachCache, type Reach } from './compile.ts';
import { type DeviceIndex, indexDevices } from './device-index.ts';
import { deepEnough, inDates, inForce, may, neededActions, type RightsGrant } from './may.ts';
import type { Geography } from './scope.ts';
import type { Decision } from './types.ts';
import { nextHoursEdge } from './weekly-hours.ts';
import type { Zone } from './zone.ts';

/** Longest sleep between two looks at the wall clock, which may be set at any time. */
const LOOK_MS = 500;

/** Everybody's rights, in memory: decisions, compiled reaches, versions, and telling when time changes them. */
export interface Rights {
  /** Replaces a person's grants; true when that changes what is in force now. Telling is the caller's. */
  set(personId: string, grants: readonly RightsGrant[]): boolean;
  /** All that were set, in force or not. */
  grantsOf(personId: string): readonly RightsGrant[];
  grantsInForce(personId: string): readonly RightsGrant[];
  people(): Iterable<string>;
  decide(personId: string, action: Action, device: DeviceRecord | null, footageTime?: number): Decision;
  visible(personId: string, action: Action): Bitset;
  version(personId: string): number;
  /** Where devices stand, for questions about grants that nobody has. */
  index(): DeviceIndex;
  /** Compiles grants that all hold, for comparing before and after. */
  reach(grants: readonly RightsGrant[], action: Action): Reach;
  stop(): void;
}

interface PersonState {
  grants: readonly RightsGrant[];
  inForce: readonly RightsGrant[];
  /** Wall time of the last look, and the next at which another grant may be in force. */
  lookedAt: number;
  nextEdge: number;
  version: number;
  reaches: Map<Action, Reach>;
  /** Registry version that `reaches` was compiled from. */
  registry: number;
}

export function createRights({
  clock,
  zone,
  geography,
  devices,
  bus,
  onTimePassed,
}: {
  clock: Clock;
  zone: Zone;
  geography: Geography;
  devices: DeviceRegistry;
  bus: EventBus<HubEvents>;
  /** Told together with `rights.changed` when time alone began or ended somebody's grants. */
  onTimePassed: (personIds: readonly string[]) => void;
}): Rights {
  const states = new Map<string, PersonState>();
  /** Whose rights time has changed, still to be told. */
  const changed = new Set<string>();
  let registryVersion = 1;
  let index: DeviceIndex | null = null;
  let reaches: ReturnType<typeof createReachCache> | null = null;
  let timer: NodeJS.Timeout | undefined;

  const indexNow = () => {
    index ??= indexDevices(devices);
    return index;
  };
  const reachesNow = () => {
    reaches ??= createReachCache(indexNow());
    return reaches;
  };

  /** The person's state as of this moment: whoever asks never depends on the timer having run. */
  function look(personId: string): PersonState | undefined {
    const state = states.get(personId);
    if (!state) return undefined;
    const now = clock.now();
    if (now >= state.nextEdge || now < state.lookedAt) {
      const before = state.inForce;
      takeStock(state, now);
      if (before.length !== state.inForce.length || before.some((grant, i) => grant !== state.inForce[i])) {
        state.version += 1;
        state.reaches = new Map();
        changed.add(personId);
      }
    } else state.lookedAt = now;
    return state;
  }

  function takeStock(state: PersonState, now: number): void {
    state.inForce = state.grants.filter((grant) => inForce(grant, zone, now));
    state.lookedAt = now;
    state.nextEdge = Number.POSITIVE_INFINITY;
    for (const grant of state.grants) {
      const edges = [grant.from, grant.until];
      if (grant.weekly && inDates(grant, now)) edges.push(nextHoursEdge(grant.weekly, zone, now));
      for (const edge of edges)
        if (edge !== null && edge > now) state.nextEdge = Math.min(state.nextEdge, edge);
    }
  }

  function reachOf(state: PersonState, action: Action): Reach {
    if (state.registry !== registryVersion) {
      state.reaches = new Map();
      state.registry = registryVersion;
    }
    let reach = state.reaches.get(action);
    if (!reach) {
      reach = reachesNow().reach(state.inForce, action);
      state.reaches.set(action, reach);
    }
    return reach;
  }

  function lookAtAll(): void {
    let nearest = Number.POSITIVE_INFINITY;
    for (const personId of states.keys())
      nearest = Math.min(nearest, look(personId)?.nextEdge ?? Number.POSITIVE_INFINITY);
    if (changed.size > 0) {
      const personIds = [...changed];
      changed.clear();
      bus.emit('rights.changed', { personIds });
      onTimePassed(personIds);
    }
    timer = setTimeout(lookAtAll, Math.min(LOOK_MS, Math.max(1, nearest - clock.now())));
  }

  const unsubscribe = bus.on('devices.changed', ({ deviceIds }) => {
    if (deviceIds === null) index = null;
    else if (index && !index.update(deviceIds)) return;
    reaches = null;
    registryVersion += 1;
    bus.emit('rights.changed', { personIds: 'all' });
  });
  lookAtAll();

  return {
    set(personId, grants) {
      const state = look(personId) ?? {
        grants: [],
        inForce: [],
        lookedAt: 0,
        nextEdge: 0,
        version: 0,
        reaches: new Map<Action, Reach>(),
        registry: 0,
      };
      const before = new Set(state.inForce.map(({ id }) => id));
      state.grants = grants;
      takeStock(state, clock.now());
      state.version += 1;
      state.reaches = new Map();
      states.set(personId, state);
      return before.size !== state.inForce.length || state.inForce.some(({ id }) => !before.has(id));
    },
    grantsOf: (personId) => states.get(personId)?.grants ?? [],
    grantsInForce: (personId) => look(personId)?.inForce ?? [],
    people: () => states.keys(),
    decide(personId, action, device, footageTime) {
      const state = look(personId);
      if (!state) return { allowed: false, reason: 'no-grant' };
      const now = clock.now();
      if (device && indexNow().matches(device)) {
        const needed = neededActions(action, footageTime, now);
        const archive = needed.includes('video.archive');
        const open = needed.every((one) => {
          const reach = reachOf(state, one);
          return (
            reach.bits.has(device.num) &&
            (!archive ||
              footageTime === undefined ||
              deepEnough(reach.depthHours(device.num), footageTime, now))
          );
        });
        if (open) return { allowed: true };
      }
      // Says why not; and decides for a device that moved a moment ago.
      return may(state.grants, { action, place: device, now, footageTime }, zone, geography);
    },
    visible(personId, action) {
      const state = look(personId);
      return state ? reachOf(state, action).bits : reachesNow().reach([], action).bits;
    },
    version: (personId) => registryVersion + (look(personId)?.version ?? 0),
    index: indexNow,
    reach: (grants, action) => reachesNow().reach(grants, action),
    stop() {
      clearTimeout(timer);
      unsubscribe();
    },
  };
}
