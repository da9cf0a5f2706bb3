import { connect } from 'node:net';
import type { FoundProblem } from './stream-problem.ts';

/** Where a camera's server can be asked whether it is there at all. */
export interface ReachTarget {
  host: string;
  port: number;
  /** It speaks RTSP in the clear and can be asked for more than a connection. */
  rtsp: boolean;
}

const CONNECT_MS = 1_500;
/** A camera's processor may be slow; a hung one answers never. */
const ANSWER_MS = 3_000;
/** RFC 2326 section 10.1: needs neither path nor password. */
const OPTIONS = 'OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: Kalancha\r\n\r\n';

/**
 * Is the camera's server there? One connection, and of an RTSP server one answer, whatever it says: far less than
 * an ffmpeg that waits for its time-outs. @returns null when it is, else what is wrong
 */
export function reach({ host, port, rtsp }: ReachTarget, signal: AbortSignal): Promise<FoundProblem | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (found: FoundProblem | null) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      socket.destroy();
      resolve(found);
    };
    const late = () => done({ code: 'timed-out', detail: 'the camera did not answer' });
    const stop = () => done({ code: 'timed-out', detail: 'stopped' });
    let timer = setTimeout(late, CONNECT_MS);
    signal.addEventListener('abort', stop, { once: true });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const { code = error.message } = error;
      done({ code: code === 'ECONNREFUSED' ? 'refused' : 'unreachable', detail: code });
    });
    socket.once('connect', () => {
      if (!rtsp) {
        done(null);
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(late, ANSWER_MS);
      socket.once('data', () => done(null));
      // Closed without a word: somebody is there; what he wants is ffmpeg's to find out.
      socket.once('end', () => done(null));
      socket.write(OPTIONS);
    });
    if (signal.aborted) stop();
  });
}
