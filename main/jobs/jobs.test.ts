import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { manualClock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { createEventBus } from '../base/event-bus.ts';
import { createLogger } from '../base/logging.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import { openStorage, type Storage } from '../storage/database.ts';
import { createJobs, type JobContext, type JobOrder, type JobOutcome } from './jobs.ts';

let dir = '';
let storage: Storage;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'kalancha-jobs-'));
  storage = await openStorage(dir);
});
afterEach(async () => {
  await storage.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function makeJobs(clock = manualClock()) {
  const told: HubEvents['job.changed'][] = [];
  const bus = createEventBus<HubEvents>((_name, error) => {
    throw error;
  });
  bus.on('job.changed', (event) => told.push(event));
  const lines: string[] = [];
  const log = createLogger(
    'info',
    new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    }),
  );
  return { clock, told, lines, jobs: await createJobs({ db: storage.db, clock, bus, log }) };
}

const result: NonNullable<JobOutcome['result']> = {
  rows: 1,
  added: 1,
  changed: 0,
  encoding: 'utf-8',
  delimiter: ',',
  errorCount: 0,
  errors: [],
};

/** Work that goes on until it is let end. */
function held(ownerId = 'ann') {
  const gate = Promise.withResolvers<JobOutcome>();
  const started = Promise.withResolvers<JobContext>();
  let released = 0;
  const order: JobOrder = {
    kind: 'device-import',
    ownerId,
    run(context) {
      started.resolve(context);
      context.signal.addEventListener('abort', () =>
        gate.reject(new AppError('cancelled', 409, 'Cancelled.')),
      );
      return gate.promise;
    },
    release: async () => {
      released += 1;
    },
  };
  return {
    order,
    started: started.promise,
    finish: gate.resolve,
    fail: gate.reject,
    released: () => released,
  };
}

/** Lets everything that is ready run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('a job runs, tells of its progress, and keeps its result', async () => {
  const { jobs, clock, told } = await makeJobs();
  const work = held();
  const job = await jobs.start(work.order);
  expect(job).toMatchObject({ state: 'running', progress: null, ownerId: 'ann', result: null });
  const context = await work.started;
  expect(context.jobId).toBe(job.id);
  told.length = 0;
  context.progress(0.1);
  expect(told).toEqual([]);
  clock.advance(300);
  context.progress(0.5);
  context.progress(0.6);
  expect(told).toEqual([{ jobId: job.id, ownerId: 'ann' }]);
  expect(jobs.get(job.id, 'ann')?.progress).toBe(0.6);
  work.finish({ result, refused: null });
  await settle();
  expect(jobs.get(job.id, 'ann')).toMatchObject({
    state: 'done',
    progress: 1,
    result,
    error: null,
    endedAt: clock.now(),
  });
  expect(told).toHaveLength(2);
  expect(work.released()).toBe(1);
});

test('another person learns nothing of it', async () => {
  const { jobs } = await makeJobs();
  const work = held();
  const { id } = await jobs.start(work.order);
  expect(jobs.get(id, 'bob')).toBeUndefined();
  expect(jobs.list('bob')).toEqual([]);
  expect(await jobs.cancel(id, 'bob')).toBeUndefined();
  expect(jobs.get(id, 'ann')?.state).toBe('running');
  await jobs.stop();
});

describe('a job ends', () => {
  test('failed with what it found, when its work was refused', async () => {
    const { jobs } = await makeJobs();
    const work = held();
    const { id } = await jobs.start(work.order);
    work.finish({ result, refused: new AppError('import-rows-bad', 400, 'Bad rows.') });
    await settle();
    expect(jobs.get(id, 'ann')).toMatchObject({
      state: 'failed',
      result,
      error: { code: 'import-rows-bad', message: 'Bad rows.' },
    });
  });

  test('failed with the sentence of what went wrong', async () => {
    const { jobs, lines } = await makeJobs();
    const work = held();
    const { id } = await jobs.start(work.order);
    work.fail(new AppError('disk-full', 507, 'No room.'));
    await settle();
    expect(jobs.get(id, 'ann')).toMatchObject({ state: 'failed', error: { code: 'disk-full' } });
    expect(lines).toEqual([]);
  });

  test('failed and logged, when it is a fault of the hub', async () => {
    const { jobs, lines } = await makeJobs();
    const work = held();
    const { id } = await jobs.start(work.order);
    work.fail(new TypeError('a bug'));
    await settle();
    expect(jobs.get(id, 'ann')).toMatchObject({ state: 'failed', error: { code: 'internal' } });
    expect(lines.join('')).toContain('a bug');
  });

  test('cancelled, and whoever cancels waits for it', async () => {
    const { jobs } = await makeJobs();
    const work = held();
    const { id } = await jobs.start(work.order);
    await work.started;
    expect(await jobs.cancel(id, 'ann')).toMatchObject({ state: 'cancelled', error: null, result: null });
    expect(work.released()).toBe(1);
  });

  test('done, when the cancelling came too late', async () => {
    const { jobs } = await makeJobs();
    const work = held();
    const { id } = await jobs.start(work.order);
    await work.started;
    work.finish({ result, refused: null });
    expect(await jobs.cancel(id, 'ann')).toMatchObject({ state: 'done' });
  });
});

test('work of one kind waits for its turn; cancelled while waiting it never runs, but lets go', async () => {
  const { jobs } = await makeJobs();
  const first = held();
  const second = held();
  const third = held('bob');
  await jobs.start(first.order);
  const waiting = await jobs.start(second.order);
  await jobs.start(third.order);
  let ran = false;
  void second.started.then(() => {
    ran = true;
  });
  await first.started;
  const cancelling = jobs.cancel(waiting.id, 'ann');
  first.finish({ result, refused: null });
  expect(await cancelling).toMatchObject({ state: 'cancelled' });
  await third.started;
  expect(ran).toBe(false);
  expect(second.released()).toBe(1);
  await jobs.stop();
});

test('nobody starts more than three at once', async () => {
  const { jobs } = await makeJobs();
  for (let i = 0; i < 3; i++) await jobs.start(held().order);
  await expect(jobs.start(held().order)).rejects.toThrow(/3 jobs running/);
  expect((await jobs.start(held('bob').order)).state).toBe('running');
  await jobs.stop();
});

test('ended jobs are kept for a day, newest first', async () => {
  const { jobs, clock } = await makeJobs();
  const ids: string[] = [];
  for (let i = 0; i < 2; i++) {
    const work = held();
    ids.unshift((await jobs.start(work.order)).id);
    work.finish({ result, refused: null });
    await settle();
    clock.advance(13 * 3_600_000);
  }
  expect(jobs.list('ann').map(({ id }) => id)).toEqual(ids.slice(0, 1));
  clock.advance(12 * 3_600_000);
  expect(jobs.list('ann')).toEqual([]);
});

test('stopping cancels all and takes nothing new', async () => {
  const { jobs } = await makeJobs();
  const work = held();
  const { id } = await jobs.start(work.order);
  await work.started;
  await jobs.stop();
  expect(jobs.get(id, 'ann')?.state).toBe('cancelled');
  await expect(jobs.start(held().order)).rejects.toThrow(/stopping/);
});

test('people take turns; whoever waits is told how many go before him, and cancelled he waits for none', async () => {
  const { jobs } = await makeJobs();
  const first = held();
  const second = held();
  const third = held('bob');
  await jobs.start(first.order);
  const { id } = await jobs.start(second.order);
  const last = await jobs.start(third.order);
  await first.started;
  // Bob ordered later, but Ann has had her turn.
  expect(last.ahead).toBe(1);
  expect(jobs.get(id, 'ann')?.ahead).toBe(2);
  expect(await jobs.cancel(id, 'ann')).toMatchObject({ state: 'cancelled' });
  expect(second.released()).toBe(1);
  expect(jobs.get(last.id, 'bob')?.ahead).toBe(1);
  first.finish({ result, refused: null });
  await third.started;
  expect(jobs.get(last.id, 'bob')?.ahead).toBe(0);
  await jobs.stop();
});

describe('after a restart', () => {
  test('what had ended is still told of, and what was cut off says so', async () => {
    const before = await makeJobs();
    const done = held();
    const ready = await before.jobs.start(done.order);
    done.finish({ result, refused: new AppError('import-rows-bad', 400, 'Bad rows.', { rows: 3 }) });
    await settle();
    const cut = await before.jobs.start(held().order);
    const { jobs } = await makeJobs(before.clock);
    expect(jobs.get(ready.id, 'ann')).toMatchObject({
      state: 'failed',
      result,
      error: { code: 'import-rows-bad', params: { rows: 3 } },
    });
    expect(jobs.get(cut.id, 'ann')).toMatchObject({ state: 'failed', error: { code: 'job-interrupted' } });
    expect(jobs.interrupted('device-import')).toEqual([]);
    await before.jobs.stop();
  });

  test('lasting work that was stopped or killed is begun anew under its id', async () => {
    const before = await makeJobs();
    const stopped = held();
    const { id } = await before.jobs.start({ ...stopped.order, lasting: true });
    await stopped.started;
    await before.jobs.stop();
    const { jobs } = await makeJobs(before.clock);
    expect(jobs.interrupted('device-import').map((job) => job.id)).toEqual([id]);
    const again = held();
    jobs.resume(id, { ...again.order, lasting: true });
    expect(jobs.interrupted('device-import')).toEqual([]);
    expect((await again.started).jobId).toBe(id);
    again.finish({ result, refused: null });
    await settle();
    expect(jobs.get(id, 'ann')).toMatchObject({ state: 'done', result });
  });

  test('lasting work that was cancelled stays cancelled', async () => {
    const before = await makeJobs();
    const work = held();
    const { id } = await before.jobs.start({ ...work.order, lasting: true });
    await before.jobs.cancel(id, 'ann');
    const { jobs } = await makeJobs(before.clock);
    expect(jobs.interrupted('device-import')).toEqual([]);
    expect(jobs.get(id, 'ann')).toMatchObject({ state: 'cancelled' });
  });
});

test('what belongs to a job is stored with it or not at all', async () => {
  const { jobs } = await makeJobs();
  const order = held().order;
  await expect(
    jobs.start({ ...order, asked: () => Promise.reject(new Error('no room in the log')) }),
  ).rejects.toThrow('no room in the log');
  expect(jobs.list('ann')).toEqual([]);
  expect(await storage.db.selectFrom('job').select('id').execute()).toEqual([]);
});
