import type { AckPayload } from '../contract/mqtt-payloads.ts';

/** A device's answer, and when the hub received it (UTC ms). `num` is the device whose topic it came on. */
export interface Answer {
  num: number;
  ack: AckPayload;
  at: number;
}

/** Who works on answers: says whether all that it was given is stored. */
export interface AnswerTaker {
  take(answer: Answer): void;
  stored(): boolean;
}

/**
 * The letter box between health, which starts first and replays what a killed hub had acknowledged, and commands, which
 * start once there is a broker. As long as nobody empties it nothing counts as stored, so the journal keeps it.
 */
export interface AnswerBox {
  take(num: number, ack: AckPayload, at: number): void;
  stored(): boolean;
  /** From now on answers go to `taker`, those that waited first. Answers how to take it away again. */
  attach(taker: AnswerTaker): () => void;
}

/** More than any city answers in a start; beyond it the oldest go, and their commands are told as unanswered. */
const WAITING_LIMIT = 20_000;

export function createAnswerBox(): AnswerBox {
  let taker: AnswerTaker | undefined;
  let waiting: Answer[] = [];
  return {
    take(num, ack, at) {
      if (taker) taker.take({ num, ack, at });
      else {
        if (waiting.length >= WAITING_LIMIT) waiting.shift();
        waiting.push({ num, ack, at });
      }
    },
    stored: () => (taker ? taker.stored() : waiting.length === 0),
    attach(next) {
      taker = next;
      const kept = waiting;
      waiting = [];
      for (const answer of kept) next.take(answer);
      return () => {
        taker = undefined;
      };
    },
  };
}
