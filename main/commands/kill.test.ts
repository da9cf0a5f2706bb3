import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CommandDesk, commandDesk, ivanov, pointIds, reboot } from '../../tests/support/command-desk.ts';
import { AppError } from '../base/errors.ts';
import type { Run } from './types.ts';

/** Three devices: one, then two. */
const DEVICES = pointIds(3);

let desk: CommandDesk;
/** Of a broker that forgets: whether devices got what it had when the hub was killed. */
let heard: boolean;
let steps: number;
/** The step at which the hub is killed; from then on it stores and sends nothing. */
let killedAt: number;
/** What devices were given, and how much of it they have worked on. */
let worked: number;
/** Requests that each device did. */
let deeds: Map<string, string[]>;
/** Answers, which the next hub finds in its journal once more. */
let answers: [id: string, requestId: string][];

const dead = () => steps >= killedAt;

/** A moment at which the hub may be killed. */
function step(): void {
  steps += 1;
  if (dead()) throw new Error('killed');
}

beforeEach(async () => {
  [steps, killedAt] = [0, Number.POSITIVE_INFINITY];
  desk = await commandDesk({
    db: (db) =>
      new Proxy(db, {
        get(target, name) {
          if (name === 'transaction') return () => ({ execute: inTransaction });
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      }),
    async send(publish) {
      step();
      publish();
      step();
    },
  });
});
afterEach(() => desk.stop());

type Transaction = ReturnType<CommandDesk['city']['storage']['db']['transaction']>;

/** Killed before it, nothing of it is stored; after it all is, the entries of the log too. */
async function inTransaction(work: Parameters<Transaction['execute']>[0]): Promise<unknown> {
  const entries = desk.recorded.length;
  let result: unknown;
  try {
    step();
    result = await desk.city.storage.db.transaction().execute(work);
  } catch (error) {
    desk.recorded.length = entries;
    throw error;
  }
  step();
  return result;
}

/** Devices do what they were told, once, and answer as often as they are told. */
function work(): void {
  for (const { topic, requestId } of desk.published.slice(worked)) {
    const id = desk.deviceOf(topic);
    const done = deeds.get(id) ?? [];
    if (!done.includes(requestId)) {
      deeds.set(id, [...done, requestId]);
      desk.restarted(id);
    }
    answers.push([id, requestId]);
    desk.answer(id, requestId, 'accepted');
  }
  worked = desk.published.length;
}

async function nextHub(): Promise<void> {
  await desk.stopHub();
  if (!desk.world.keeps && !heard) worked = desk.published.length;
  killedAt = Number.POSITIVE_INFINITY;
  for (const [id, requestId] of answers) desk.answer(id, requestId, 'accepted');
  await desk.startHub();
}

/** What a person does until it is done: the same again when the hub is back. */
async function insist<T>(deed: () => Promise<T>): Promise<T> {
  try {
    return await deed();
  } catch (error) {
    if (!dead()) throw error;
    await nextHub();
    return deed();
  }
}

/** Stops it; that it is stopped already is as good. */
const halt = (run: Run): Promise<void> =>
  insist(async () => {
    const stopped = await desk.commands.halt(ivanov, run.id).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'run-over') throw error;
      return desk.stored(run);
    });
    expect(stopped.state).toBe('stopped');
  });

function order(): Promise<Run> {
  const key = randomUUID();
  return insist(async () => {
    const { token } = await desk.commands.preview(ivanov, {
      ...{ command: reboot, target: { deviceIds: DEVICES } },
    });
    return desk.start(token, { key });
  });
}

/** One second at a time, until the run is over or `enough`. */
async function goOn(run: Run, enough = () => false): Promise<void> {
  for (let second = 0; second < 60 && !enough(); second++) {
    await desk.beat(1_000);
    if (dead()) await nextHub();
    work();
    const { endedAt } = await desk.stored(run);
    const states = await desk.states(run);
    if (endedAt !== null && !states.sent && !states.accepted) return;
  }
}

/** Kills the hub at its first step, its second, and so on, until a story ends before it is killed. */
async function atEachStep(story: () => Promise<void>): Promise<number> {
  for (let at = 1; ; at++) {
    // What an earlier story left in doubt is given up.
    await desk.beat(200_000);
    desk.world.reports.clear();
    desk.published.length = 0;
    desk.recorded.length = 0;
    [steps, killedAt, worked] = [0, at, 0];
    [deeds, answers] = [new Map(), []];
    await story();
    if (killedAt !== Number.POSITIVE_INFINITY) return at - 1;
    await desk.stopHub();
    await desk.startHub();
  }
}

describe.each([
  ['a broker that keeps what it was given', true, true],
  ['a broker that forgets, after it told the devices', false, true],
  ['a broker that forgets, before it told them', false, false],
])('killed at each step, with %s', (_broker, keeps, told) => {
  beforeEach(async () => {
    desk.world.keeps = keeps;
    heard = told;
    await desk.stopHub();
    await desk.startHub();
  });

  it('a run is done at every device once, and each step is on record once', async () => {
    const kills = await atEachStep(async () => {
      const run = await order();
      await goOn(run);
      expect(await desk.states(run)).toEqual({ confirmed: DEVICES.length });
      expect(await desk.stored(run)).toMatchObject({ state: 'done' });
      expect([...deeds.values()].map(({ length }) => length)).toEqual([1, 1, 1]);
      for (const state of ['sent', 'confirmed'])
        expect(
          desk
            .steps(state)
            .map(({ subject }) => subject)
            .sort(),
        ).toEqual(DEVICES);
      expect(desk.recorded.filter(({ kind }) => kind === 'command.asked')).toHaveLength(1);
    });
    // Stored and told of the start, of the sending, the handing over and the answer of each, of the stages.
    expect(kills).toBeGreaterThan(20);
  });

  it('a run that was stopped tells nobody any more', async () => {
    await atEachStep(async () => {
      const run = await order();
      await goOn(run, () => desk.published.length > 0);
      await halt(run);
      work();
      const sent = new Set(desk.published.map(({ requestId }) => requestId));
      await goOn(run);
      expect(desk.published.filter(({ requestId }) => !sent.has(requestId))).toEqual([]);
      expect(await desk.stored(run)).toMatchObject({ state: 'stopped', stateReason: 'person' });
      for (const [id, done] of deeds) expect([id, done.length]).toEqual([id, 1]);
    });
  });
});
