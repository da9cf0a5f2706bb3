import { AppError } from '../base/errors.ts';
import type { FromWorker, ToWorker } from './wire.ts';

/** Questions waited for at the same time: beyond them its thread would do nothing else for many seconds. */
const MOST_QUESTIONS = 64;

export type Answer = Extract<FromWorker, { kind: 'chart' | 'preview' }>;

/** What the hub has asked the thread and has no answer to yet. */
export interface Questions {
  /**
   * Numbers a question and sends it.
   * @throws AppError `history-busy` when too many wait or no answer comes in `timeoutMs`, `history-failed`
   */
  ask(
    timeoutMs: number,
    question: (id: number) => ToWorker,
    send: (question: ToWorker) => void,
  ): Promise<Answer>;
  answered(answer: Answer): void;
  failed(id: number, problem: string): void;
  /** The thread is gone, and its answers with it. */
  dropAll(): void;
}

export const startingAnew = () =>
  new AppError('history-failed', 503, 'The history is starting anew. Try again in a moment.');
const busy = () => new AppError('history-busy', 503, 'The history is busy. Try again in a moment.');

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

export function createQuestions(): Questions {
  const waiting = new Map<number, Waiting>();
  let next = 1;
  return {
    ask(timeoutMs, question, send) {
      if (waiting.size >= MOST_QUESTIONS) return Promise.reject(busy());
      const id = next;
      next += 1;
      return new Promise<Answer>((resolve, reject) => {
        const done = () => {
          clearTimeout(timeout);
          waiting.delete(id);
        };
        const asked: Waiting = {
          resolve(answer) {
            done();
            resolve(answer);
          },
          reject(error) {
            done();
            reject(error);
          },
        };
        const timeout = setTimeout(() => asked.reject(busy()), timeoutMs);
        waiting.set(id, asked);
        send(question(id));
      });
    },
    answered: (answer) => waiting.get(answer.id)?.resolve(answer),
    failed: (id, problem) =>
      waiting
        .get(id)
        ?.reject(new AppError('history-failed', 500, `The history could not be read: ${problem}`)),
    dropAll() {
      for (const asked of [...waiting.values()]) asked.reject(startingAnew());
    },
  };
}
