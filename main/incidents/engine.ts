import type { HealthStatus, StatusReason } from '../contract/health.ts';
import type { IncidentCause } from '../contract/incidents.ts';
import { causeOf, explainedByParent, explains } from './conditions.ts';
import { createIncidentBook } from './engine-book.ts';
import type { EngineWorld, IncidentStep, OpenIncident, Root } from './engine-types.ts';
import { createOutages, isOutage, type Lone } from './outages.ts';

/** From a device's first sign of trouble to its incident, ms: the parent is judged within this (rule 7). */
const HOLD_MS = 14_000;
/** A device that fell silent was late before: so much after it is offline, ms. */
const AFTER_OFFLINE_MS = 1_000;
/** A parent that is suspect itself is waited for until then, from the child's first sign, ms. */
const PARENT_LIMIT_MS = 14_900;
const LOOK_AGAIN_MS = 250;
/** After its parent came back, a device has this long to follow, ms. */
const FOLLOW_MS = 90_000;
/** So often it is looked whether work above a device goes on, ms. */
const WORK_LOOK_MS = 1_000;
/** Trouble that returns within this is the same incident, ms; one that stays away closes by itself. */
export const CLOSE_AFTER_MS = 600_000;
/** A parent's incident takes in those of its children that are no older, ms. */
const ABSORB_MS = 300_000;
const MOST_ANCESTORS = 6;

interface Pending extends Lone {
  reason: StatusReason;
  firstSign: number;
  dueAt: number;
  /** What it hangs on is down by work on it. */
  behindWork?: boolean;
  /** What it hangs on is well again: it has its time to become so too. */
  follows?: boolean;
}

/**
 * Decides what is an incident and what belongs to which: one cause is one incident. Holds no clock and no store:
 * it is told what happens and when, and answers with steps to be stored.
 */
export function createIncidentEngine(world: EngineWorld) {
  const book = createIncidentBook(world.newId);
  const { incidentOf, rootedAt } = book;
  const pending = new Map<number, Pending>();
  const signs = new Map<number, number>();
  let ready = false;

  function ancestors(num: number): number[] {
    const found: number[] = [];
    for (let at = world.parentOf(num); at !== undefined; at = world.parentOf(at)) {
      if (found.includes(at) || found.length === MOST_ANCESTORS) break;
      found.push(at);
    }
    return found;
  }

  function join(incident: OpenIncident, num: number, since: number): void {
    pending.delete(num);
    book.join(incident, num, since);
  }

  function leave(num: number, at: number): void {
    const incident = book.leave(num, at);
    if (incident?.root.kind === 'device' && incident.root.num === num) regroup(incident, at);
  }

  /** The parent is back: whoever does not follow in time has a cause of his own. */
  function regroup(incident: OpenIncident, at: number): void {
    for (const [num, { until, since }] of incident.members) {
      if (until !== null) continue;
      const { status, reason } = world.statusOf(num);
      const cause = causeOf(status, reason);
      if (!cause) continue;
      pending.set(num, {
        num,
        cause,
        reason,
        since,
        firstSign: since,
        dueAt: at + FOLLOW_MS,
        foundAtStart: false,
        follows: true,
      });
    }
  }

  const fresh = ({ taken, clearedAt, openedAt }: OpenIncident, at: number): boolean =>
    !taken && clearedAt === null && openedAt >= at - ABSORB_MS;

  const young = (incident: OpenIncident, at: number): boolean =>
    fresh(incident, at) && (explainedByParent(incident.cause) || isOutage(incident));

  function absorbChildren(of: number, into: OpenIncident, at: number, depth = 0): void {
    if (depth === MOST_ANCESTORS) return;
    for (const child of world.childrenOf(of)) {
      const own = rootedAt({ kind: 'device', num: child });
      if (own && own !== into && fresh(own, at) && explains(into, own.cause)) book.absorb(own, into, at);
      // Many points of one switch may have looked like an outage of their district.
      const outage = incidentOf(child);
      const since = outage?.members.get(child)?.since;
      if (outage && isOutage(outage) && young(outage, at) && since !== undefined) {
        // The last of them: nothing else was behind that outage.
        if ([...outage.members.keys()].every((num) => num === child || incidentOf(num) === into))
          book.absorb(outage, into, at);
        else join(into, child, since);
      }
      absorbChildren(child, into, at, depth + 1);
    }
  }

  const outages = createOutages({ book, world, openFor, join, young, lastsFor: ABSORB_MS });

  function openFor(one: Pending, at: number): OpenIncident {
    const city = one.cause === 'device-offline' ? outages.ofCity(at) : undefined;
    if (city) {
      join(city, one.num, one.since);
      return city;
    }
    const root: Root = { kind: 'device', num: one.num };
    const before = rootedAt(root);
    const same = before?.cause === one.cause ? before : undefined;
    const incident = same ?? book.begin(root, one.cause, one.reason, at, one.foundAtStart);
    join(incident, one.num, one.since);
    if (one.command) book.blame(incident, one.command);
    if (one.cause !== 'device-offline' && one.cause !== 'flapping') return incident;
    // It was dead and comes and goes now, or the other way round: what hung on it then hangs on it still.
    for (const [num, { since, until }] of before && before !== incident ? [...before.members] : [])
      if (until === null) join(incident, num, since);
    absorbChildren(one.num, incident, at);
    return incident;
  }

  /** Whether its own command still explains its trouble. One that spoke since then gets time for the rest, its stream. */
  function commanded(one: Pending, at: number): boolean {
    const now = world.commandedAt(one.num);
    if (now) {
      one.command = now;
      one.dueAt = at + WORK_LOOK_MS;
      one.behindWork = true;
    } else if (one.command && world.statusOf(one.num).base === 'offline') one.behindWork = false;
    return now !== undefined;
  }

  const isGone = (num: number): boolean => {
    const { base } = world.statusOf(num);
    return base === 'offline' || base === 'suspect';
  };

  /** @returns true when the device stands alone: nothing above it explains its trouble */
  function standsAlone(one: Pending, at: number): boolean {
    if (one.cause === 'flapping') {
      // It settles as what it hung on did: nothing new, unless it goes again.
      if (one.follows && !isGone(one.num)) {
        one.dueAt = at + WORK_LOOK_MS;
        return false;
      }
    } else if (!explainedByParent(one.cause)) return true;
    else if (commanded(one, at)) return false;
    for (const above of ancestors(one.num)) {
      const waiting = pending.get(above);
      if (waiting && explains(waiting, one.cause) && standsAlone(waiting, at)) openFor(waiting, at);
      const explaining = incidentOf(above);
      if (explaining && explains(explaining, one.cause)) {
        if (explaining.cause !== 'flapping' || one.cause === 'flapping' || isGone(above)) {
          join(explaining, one.num, one.since);
          return false;
        }
        // What comes and goes is there just now: who is not back with it soon has a cause of his own.
        if (at < one.firstSign + FOLLOW_MS) {
          one.dueAt = at + LOOK_AGAIN_MS;
          return false;
        }
      }
      const { status, base } = world.statusOf(above);
      if ((status === 'maintenance' && base === 'offline') || world.commandedAt(above)) {
        // Expected, as that is: nobody needs to be told (rule 9).
        one.behindWork = true;
        one.dueAt = at + WORK_LOOK_MS;
        return false;
      }
      if (status === 'suspect' && at < one.firstSign + PARENT_LIMIT_MS) {
        one.dueAt = Math.min(at + LOOK_AGAIN_MS, one.firstSign + PARENT_LIMIT_MS);
        return false;
      }
    }
    if (one.behindWork) {
      one.behindWork = false;
      one.dueAt = at + FOLLOW_MS;
      return false;
    }
    return true;
  }

  /** Whether the incident that it is part of is of this trouble. */
  function isTold(num: number, cause: IncidentCause): boolean {
    const incident = incidentOf(num);
    if (!incident) return false;
    const { root } = incident;
    return root.kind === 'device' && root.num === num ? incident.cause === cause : explains(incident, cause);
  }

  return {
    /** Brings back what was open at the last stop. Call before anything else. */
    restore: book.restore,
    /** The hub hears everything: what is down now counts as found at start, what is back is over (rule 5). */
    reconcile(at: number): IncidentStep[] {
      ready = true;
      const registered = new Set<number>();
      for (const num of world.devices()) {
        registered.add(num);
        const { status, reason, since } = world.statusOf(num);
        const cause = causeOf(status, reason);
        if (!cause) {
          if (status !== 'suspect') leave(num, at);
        } else if (!isTold(num, cause)) {
          // Another trouble than the one it had when the last run ended.
          leave(num, at);
          pending.set(num, {
            ...{ num, cause, reason, foundAtStart: true },
            ...{ since: since ?? at, firstSign: since ?? at, dueAt: at },
          });
        }
      }
      for (const num of book.members()) if (!registered.has(num)) leave(num, at);
      return book.taken();
    },
    status(num: number, status: HealthStatus, reason: StatusReason, at: number): IncidentStep[] {
      if (!ready) return [];
      if (status === 'suspect') {
        if (!signs.has(num)) signs.set(num, at);
        return [];
      }
      const firstSign = signs.get(num) ?? at;
      signs.delete(num);
      const cause = causeOf(status, reason);
      if (!cause) {
        pending.delete(num);
        leave(num, at);
        return book.taken();
      }
      if (isTold(num, cause)) return book.taken();
      leave(num, at);
      // What died while the hub was away shows it by its silence, long after the others were heard again.
      const foundAtStart = explainedByParent(cause) && !world.statusOf(num).heard;
      const hangs = (cause === 'stream-lost' || cause === 'flapping') && world.parentOf(num) !== undefined;
      const dueAt = reason === 'will' || hangs ? Math.max(at, firstSign + HOLD_MS) : at + AFTER_OFFLINE_MS;
      // A command that was seen at it still is its reason, whatever it shows meanwhile.
      const { command, behindWork = false } = pending.get(num) ?? {};
      pending.set(num, {
        ...{ num, cause, reason, since: at, firstSign, dueAt, foundAtStart, behindWork },
        ...(command ? { command } : {}),
      });
      return book.taken();
    },
    /** Call several times a second: what has waited long enough becomes an incident, what is long over is closed. */
    tick(at: number): IncidentStep[] {
      const lone: Pending[] = [];
      for (const one of [...pending.values()]) {
        if (one.dueAt > at || !pending.has(one.num)) continue;
        // Left behind by a parent that came back.
        if (incidentOf(one.num)) leave(one.num, at);
        pending.set(one.num, one);
        if (standsAlone(one, at)) lone.push(one);
      }
      // Those that explain others were opened on the way.
      const left = lone.filter((one) => pending.delete(one.num));
      if (left.length > 0) outages.open(left, at);
      for (const incident of book.all()) {
        if (incident.clearedAt === null || incident.taken || at - incident.clearedAt < CLOSE_AFTER_MS)
          continue;
        book.close(incident, at);
      }
      return book.taken();
    },
    /** Trouble of the hub's own: a disk, the link to the devices. `reason` null ends it. */
    own(root: Root, cause: IncidentCause, reason: string | null, at: number): IncidentStep[] {
      const before = rootedAt(root);
      if (reason === null) {
        if (before) book.clearIfOver(before, at);
        return book.taken();
      }
      if (before) book.returns(before, at);
      else book.begin(root, cause, reason, at, false);
      return book.taken();
    },
    /** Somebody took it, or gave it back: it no longer, or again, closes by itself. */
    setTaken(id: string, value: boolean): void {
      const incident = book.get(id);
      if (incident) incident.taken = value;
    },
    /** Somebody resolves it: what fails again from now on is another incident. @returns it, to be restored if need be */
    resolved(id: string): OpenIncident | undefined {
      const incident = book.get(id);
      if (incident) book.forget(incident);
      return incident;
    },
    /** Wall time went another way than steady time, by so much, ms: what waits goes on waiting as long as it would have. */
    clockJumped(by: number): void {
      for (const one of pending.values()) {
        one.firstSign += by;
        one.dueAt += by;
      }
      for (const [num, at] of signs) signs.set(num, at + by);
    },
    get: book.get,
    openIncidents: book.all,
    incidentIdOf: (num: number): string | undefined => incidentOf(num)?.id,
    waiting: () => pending.size,
    ready: () => ready,
  };
}

export type IncidentEngine = ReturnType<typeof createIncidentEngine>;
