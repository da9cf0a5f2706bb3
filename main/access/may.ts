import type { Action, Scope, WeeklyHours } from '../contract/access.ts';
import { LIVE_WINDOW_MS } from '../contract/video.ts';
import { type Geography, type Place, scopeContains, scopeCovers } from './scope.ts';
import type { Decision } from './types.ts';
import { withinHours } from './weekly-hours.ts';
import type { Zone } from './zone.ts';

const HOUR = 3_600_000;

/** A grant as decisions need it: the role's actions spelled out, its end already taken into `until`. */
export interface RightsGrant {
  id: string;
  roleId: string;
  actions: ReadonlySet<Action>;
  scope: Scope;
  effect: 'allow' | 'deny';
  /** UTC ms; `until` is exclusive, null is open-ended. */
  from: number;
  until: number | null;
  weekly: WeeklyHours | null;
  /** How far back footage may be had; null is all of it. A denial has none. */
  archiveHours: number | null;
}

export interface Question {
  action: Action;
  /** Null asks "anywhere at all". */
  place: Place | null;
  /** UTC ms. */
  now: number;
  /** UTC ms of the oldest byte asked for. */
  footageTime?: number | undefined;
}

const allowed: Decision = { allowed: true };
const no = (reason: 'no-grant' | 'denied' | 'out-of-hours' | 'archive-depth'): Decision => ({
  allowed: false,
  reason,
});

/** In its dates, whatever its hours. */
export const inDates = (grant: RightsGrant, now: number): boolean =>
  grant.from <= now && (grant.until === null || now < grant.until);

/** In its dates and hours. */
export const inForce = (grant: RightsGrant, zone: Zone, now: number): boolean =>
  inDates(grant, now) && (grant.weekly === null || withinHours(grant.weekly, zone, now));

/**
 * The actions that a request needs. Footage older than the live window is the archive's, whatever playlist
 * named it: looking at it live is looking at the archive, and anything else done with it (a picture, an
 * export) needs its own right and the archive's, each with its depth.
 */
export function neededActions(
  action: Action,
  footageTime: number | undefined,
  now: number,
): readonly Action[] {
  if (footageTime === undefined || !action.startsWith('video.') || footageTime >= now - LIVE_WINDOW_MS)
    return [action];
  return action === 'video.live' || action === 'video.archive'
    ? ['video.archive']
    : [action, 'video.archive'];
}

/** Is the footage within the depth, hours back from now? */
export const deepEnough = (hours: number | null, footageTime: number, now: number): boolean =>
  hours === null || footageTime >= now - hours * HOUR;

/**
 * The one rule of rights, as contracts.md section 2 has it: action × scope × validity. Nothing is allowed
 * without a grant; a denial in force beats every grant.
 */
export function may(
  grants: readonly RightsGrant[],
  { action, place, now, footageTime }: Question,
  zone: Zone,
  geography: Geography,
): Decision {
  for (const needed of neededActions(action, footageTime, now)) {
    const one = decide(grants, needed, place, now, footageTime, zone, geography);
    if (!one.allowed) return one;
  }
  return allowed;
}

function decide(
  grants: readonly RightsGrant[],
  action: Action,
  place: Place | null,
  now: number,
  footageTime: number | undefined,
  zone: Zone,
  geography: Geography,
): Decision {
  const about = grants.filter(
    (grant) => grant.actions.has(action) && (place === null || scopeCovers(grant.scope, place)),
  );
  const current = about.filter((grant) => inForce(grant, zone, now));
  const denials = current.filter((grant) => grant.effect === 'deny');
  const allows = current.filter((grant) => grant.effect === 'allow');
  if (denials.length > 0 && place !== null) return no('denied');
  // Asked "anywhere", a denial counts where it covers all that a grant gives.
  const open = allows.filter(
    (grant) => !denials.some((denial) => scopeContains(denial.scope, grant.scope, geography)),
  );
  if (open.length === 0) {
    if (allows.length > 0) return no('denied');
    const inOtherHours = about.some((grant) => grant.effect === 'allow' && inDates(grant, now));
    return no(inOtherHours ? 'out-of-hours' : 'no-grant');
  }
  if (footageTime === undefined || !action.startsWith('video.') || footageTime >= now - LIVE_WINDOW_MS)
    return allowed;
  return open.some((grant) => deepEnough(grant.archiveHours, footageTime, now))
    ? allowed
    : no('archive-depth');
}
