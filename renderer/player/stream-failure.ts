import { Problem } from '../../main/contract/common.ts';
import { StreamProblemCode } from '../../main/contract/video.ts';

/** Why a request for a playlist or for footage failed, as a player has to act on it. */
export type StreamFailure =
  /** The right is missing or was taken away: stop asking. `reason` is the hub's (`archive-depth`, `no-grant`, …). */
  | { kind: 'refused'; reason: string }
  | { kind: 'signed-out' }
  /** The hub knows of no stream by this camera: none was set up. */
  | { kind: 'no-stream' }
  /** The camera is on its way; there is nothing wrong. */
  | { kind: 'starting' }
  /** The hub says what is wrong with the stream. */
  | { kind: 'stream'; code: StreamProblemCode }
  /** The hub refused for another reason that it words by `code`. */
  | { kind: 'hub'; code: string; params: Readonly<Record<string, string | number>> }
  /** No answer at all, or one without a reason. */
  | { kind: 'network'; status: number };

/**
 * @param status HTTP status; 0 when nothing answered
 * @param body the answer's text, problem details (RFC 9457) when the hub wrote it
 */
export const streamFailure = (status: number, body: string): StreamFailure =>
  failureFrom(status, problemIn(body));

/** The same for an answer that was read already. */
export function failureFrom(
  status: number,
  problem: Pick<Problem, 'code' | 'params'> | undefined,
): StreamFailure {
  if (status === 401) return { kind: 'signed-out' };
  if (status === 403) return { kind: 'refused', reason: String(problem?.params?.reason ?? '') };
  if (!problem) return { kind: 'network', status };
  if (problem.code === 'not-found') return { kind: 'no-stream' };
  if (problem.code === 'stream-starting') return { kind: 'starting' };
  const named = StreamProblemCode.safeParse(/^stream\.(.+)$/.exec(problem.code)?.[1]);
  if (named.success) return { kind: 'stream', code: named.data };
  return { kind: 'hub', code: problem.code, params: problem.params ?? {} };
}

function problemIn(body: string): Problem | undefined {
  if (!body.trimStart().startsWith('{') || body.length > 20_000) return undefined;
  try {
    const parsed = Problem.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Not JSON after all: an answer of something between us and the hub, which tells nothing.
    return undefined;
  }
}
