import { type Columns, DEFAULT_HEARTBEAT_MS, NO_HEARTBEAT_MS } from './columns.ts';
import { FLAPPING } from './evidence.ts';
import { flaps, withResult } from './flapping.ts';
import type { Hearing } from './hearing.ts';

const ANSWERED = 1;
const SILENT = 2;

/**
 * Rule of liveness 8: takes another result of whether a device answers, and says by its flag whether it comes and
 * goes. The same result again counts once in half a heartbeat.
 */
export function createAnswering(
  columns: Columns,
  hearing: Pick<Hearing, 'now'>,
  setFlags: (num: number, set: number, clear: number) => void,
) {
  return function result(num: number, answers: boolean): void {
    const now = hearing.now();
    const kind = answers ? ANSWERED : SILENT;
    const before = columns.answered[num] ?? 0;
    const heartbeatMs = columns.heartbeatMs[num] ?? DEFAULT_HEARTBEAT_MS;
    const soon =
      now - (columns.resultAt[num] ?? 0) <
      (heartbeatMs === NO_HEARTBEAT_MS ? DEFAULT_HEARTBEAT_MS : heartbeatMs) / 2;
    if (before === kind && soon) return;
    columns.answered[num] = kind;
    columns.resultAt[num] = now;
    const changes = withResult(columns.changes[num] ?? 0, before !== 0 && before !== kind);
    columns.changes[num] = changes;
    const flapping = ((columns.flags[num] ?? 0) & FLAPPING) !== 0;
    if (changes === 0 && !flapping) return;
    if (flaps(changes, flapping)) setFlags(num, FLAPPING, 0);
    else setFlags(num, 0, FLAPPING);
  };
}
