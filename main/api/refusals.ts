import type { Viewer } from '../access/types.ts';
import type { AuditLog } from '../audit/types.ts';
import type { AppError } from '../base/errors.ts';
import type { Action } from '../contract/access.ts';
import { noRight } from './problem.ts';

/** A refused client may ask five times a second: one entry an interval tells of all of them. */
const INTERVAL_MS = 10_000;
/**
 * Different things of which a session's refusals are told one by one in an interval; whoever tries all cameras of a
 * city is told of by their number. Otherwise anybody with a session could fill the record.
 */
const MOST_A_SESSION = 60;

export interface Refusal {
  viewer: Viewer;
  action: Action;
  /** The device it was about; empty where the right is missing everywhere. */
  subject: string;
  reason: string;
  /** More for the record. */
  data?: Record<string, unknown>;
}

/** Puts missing rights on record without letting a client that keeps asking flood it. */
export interface Refusals {
  /** The error to throw, put on record unless the same was refused a moment ago. */
  refuse(refusal: Refusal): Promise<AppError>;
}

/** `monotonic` is a steady clock in ms. */
export function createRefusals(audit: AuditLog, monotonic: () => number): Refusals {
  const recent = new Map<string, { at: number; more: number }>();
  const sessions = new Map<string, { since: number; told: number; untold: number }>();

  /** What is over, in the order in which it came: the first that is not ends the search. */
  function forgetOld(now: number): void {
    for (const [key, { at }] of recent) {
      if (now - at <= INTERVAL_MS) break;
      recent.delete(key);
    }
    for (const [id, { since, untold }] of sessions) {
      if (now - since <= INTERVAL_MS) break;
      if (untold === 0) sessions.delete(id);
    }
  }

  return {
    async refuse({ viewer, action, subject, reason, data }) {
      const key = JSON.stringify([viewer.sessionId, action, subject, data]);
      const now = monotonic();
      const last = recent.get(key);
      if (last && now - last.at < INTERVAL_MS) {
        last.more += 1;
        return noRight(action, reason);
      }
      const before = sessions.get(viewer.sessionId);
      const goesOn = before !== undefined && now - before.since <= INTERVAL_MS;
      const session = goesOn ? before : { since: now, told: 0, untold: before?.untold ?? 0 };
      if (!goesOn) {
        sessions.delete(viewer.sessionId);
        sessions.set(viewer.sessionId, session);
      }
      if (session.told >= MOST_A_SESSION) {
        session.untold += 1;
        return noRight(action, reason);
      }
      session.told += 1;
      const { untold } = session;
      session.untold = 0;
      recent.delete(key);
      forgetOld(now);
      recent.set(key, { at: now, more: 0 });
      await audit.record({
        kind: action.startsWith('video.') ? 'video.refused' : 'access.refused',
        person: { id: viewer.personId, name: viewer.name },
        from: viewer.from,
        subject,
        data: {
          ...{ action, reason, ...data },
          ...(last && last.more > 0 ? { more: last.more } : {}),
          ...(untold > 0 ? { others: untold } : {}),
        },
      });
      return noRight(action, reason);
    },
  };
}
