import type { Viewer } from '../access/types.ts';
import type { AuditLog } from '../audit/types.ts';
import type { AppError } from '../base/errors.ts';
import type { Action } from '../contract/access.ts';
import { noRight } from './problem.ts';

/** A refused client may ask five times a second: one entry an interval tells of all of them. */
const INTERVAL_MS = 10_000;

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
  return {
    async refuse({ viewer, action, subject, reason, data }) {
      const key = JSON.stringify([viewer.sessionId, action, subject, data]);
      const now = monotonic();
      const last = recent.get(key);
      if (last && now - last.at < INTERVAL_MS) {
        last.more += 1;
        return noRight(action, reason);
      }
      for (const [old, { at }] of recent) if (now - at > INTERVAL_MS) recent.delete(old);
      recent.set(key, { at: now, more: 0 });
      await audit.record({
        kind: action.startsWith('video.') ? 'video.refused' : 'access.refused',
        person: { id: viewer.personId, name: viewer.name },
        from: viewer.from,
        subject,
        data: { action, reason, ...data, ...(last && last.more > 0 ? { more: last.more } : {}) },
      });
      return noRight(action, reason);
    },
  };
}
