import type { Hearing } from './hearing.ts';
import { SILENT_AFTER_HEARTBEATS } from './liveness.ts';

/**
 * Devices whose messages come, but of an older session than the live one, so that none counts (rule of liveness 2). The
 * rule stays; who looks at a device that is shown as gone has to be told why it is, although it speaks.
 */
export interface OlderSessions {
  heard(num: number, session: number): void;
  /** It was heard in its live session: what came before is of no more interest. */
  settled(num: number): void;
  /** The older session that is heard now; null when none is. */
  of(num: number): number | null;
  /** Forgets those that fell silent too, and names them. */
  expired(): number[];
}

export function createOlderSessions(options: {
  hearing: Pick<Hearing, 'now'>;
  heartbeatMs(num: number): number;
}): OlderSessions {
  const { hearing, heartbeatMs } = options;
  /** `at` is hearing time, ms. */
  const last = new Map<number, { session: number; at: number }>();
  const silent = (num: number, at: number): boolean =>
    hearing.now() - at >= SILENT_AFTER_HEARTBEATS * heartbeatMs(num);
  return {
    heard: (num, session) => void last.set(num, { session, at: hearing.now() }),
    settled: (num) => void last.delete(num),
    of(num) {
      const found = last.get(num);
      return found && !silent(num, found.at) ? found.session : null;
    },
    expired() {
      const gone: number[] = [];
      for (const [num, { at }] of last) if (silent(num, at)) gone.push(num);
      for (const num of gone) last.delete(num);
      return gone;
    },
  };
}
