import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Job } from '../../contract/device.ts';
import { makeTestCity, type TestCity } from '../../devices/test-city.ts';
import { createJobs, type Jobs } from '../../jobs/jobs.ts';
import { createSpool } from '../../jobs/spool.ts';
import { makeTestDesk, type TestDesk } from '../test-desk.ts';
import { importRoutes } from './imports.ts';
import { jobRoutes } from './jobs.ts';

let city: TestCity;
let desk: TestDesk;
let jobs: Jobs;
let spoolDir = '';
beforeEach(async () => {
  city = await makeTestCity();
  desk = await makeTestDesk(city);
  jobs = await createJobs({ ...city, db: city.storage.db });
  spoolDir = join(city.dir, 'spool');
  const { app, gate, audit } = desk;
  importRoutes(app, { devices: city.devices, gate, audit, jobs, spool: createSpool(spoolDir) });
  jobRoutes(app, { jobs });
  desk.allow('root', () => true);
  desk.allow('other', () => true);
  desk.allow('nobody', () => false);
});
afterEach(async () => {
  await jobs.stop();
  await desk.app.close();
  await city.stop();
});

const upload = (token: string, payload: string | Buffer, type = 'text/csv') =>
  desk.as(token, { method: 'POST', url: '/api/imports/devices', payload, headers: { 'content-type': type } });

async function ended(token: string, id: string): Promise<Job> {
  for (;;) {
    const job = Job.parse((await desk.as(token, { method: 'GET', url: `/api/jobs/${id}` })).json());
    if (job.state !== 'running') return job;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const file = (rows: number) =>
  `id;тип;название;широта;долгота;район\r\n${Array.from({ length: rows }, (_, i) => `d-${i};камера;Камера ${i};55,7;37,6;Арбат\r\n`).join('')}`;

test('a file from Excel is imported in the background and put on record once', async () => {
  const answer = await upload('root', iconv.encode(file(20), 'windows-1251'), 'application/octet-stream');
  expect(answer.statusCode).toBe(202);
  const job = await ended('root', Job.parse(answer.json()).id);
  expect(job).toMatchObject({
    state: 'done',
    progress: 1,
    result: { rows: 20, added: 20, changed: 0, encoding: 'windows-1251', errorCount: 0 },
  });
  expect(city.devices.count).toBe(20);
  expect(await desk.recorded()).toEqual([
    {
      kind: 'device.import',
      person: { id: 'root', name: 'root' },
      from: '127.0.0.1',
      subject: job.id,
      data: { added: 20, changed: 0 },
    },
  ]);
  expect(readdirSync(spoolDir)).toEqual([]);
});

test('a file with a bad row imports nothing and says where', async () => {
  const bad = await ended(
    'root',
    Job.parse((await upload('root', `${file(20)}x;утюг;X;1;1;Арбат\r\n`)).json()).id,
  );
  expect(bad).toMatchObject({
    state: 'failed',
    error: { code: 'import-rows-bad' },
    result: { errorCount: 1, errors: [{ line: 22, column: 'тип', code: 'kind-unknown' }] },
  });
  expect(city.devices.count).toBe(0);
  expect(await desk.recorded()).toEqual([]);
});

test('rights are asked of every row', async () => {
  desk.allow(
    'tech',
    (action, device) => action === 'device.edit' && (device === null || device.districtId === 'kuntsevo'),
  );
  const job = await ended('tech', Job.parse((await upload('tech', file(1))).json()).id);
  expect(job.result?.errors).toMatchObject([{ line: 2, code: 'no-right' }]);
});

test('another person can neither read nor cancel the job', async () => {
  const { id } = Job.parse((await upload('root', file(1))).json());
  for (const method of ['GET', 'DELETE'] as const)
    expect((await desk.as('other', { method, url: `/api/jobs/${id}` })).statusCode).toBe(404);
  expect((await desk.as('other', { method: 'GET', url: '/api/jobs' })).json()).toEqual([]);
  expect((await desk.as('root', { method: 'GET', url: '/api/jobs' })).json()).toMatchObject([{ id }]);
  expect((await ended('root', id)).state).toBe('done');
});

test('a cancelled import leaves nothing', async () => {
  const { id } = Job.parse((await upload('root', file(20_000))).json());
  const cancelled = await desk.as('root', { method: 'DELETE', url: `/api/jobs/${id}` });
  expect(Job.parse(cancelled.json())).toMatchObject({ state: 'cancelled', result: null });
  expect(await city.storage.db.selectFrom('device').select('num').execute()).toEqual([]);
  expect(await desk.recorded()).toEqual([]);
  expect(readdirSync(spoolDir)).toEqual([]);
});

describe('refused at once', () => {
  test('without the right, without a session', async () => {
    expect((await upload('nobody', file(1))).statusCode).toBe(403);
    expect((await upload('stranger', file(1))).statusCode).toBe(401);
  });

  test('a body of another type', async () => {
    expect((await upload('root', '{}', 'application/json')).json()).toMatchObject({ code: 'not-a-file' });
    expect((await upload('root', 'a', 'text/plain')).statusCode).toBe(415);
  });

  test('more than 64 MiB, whether said beforehand or found while it comes', async () => {
    await desk.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = desk.app.server.address() as AddressInfo;
    const send = (headers: Record<string, string>, chunks: number) =>
      new Promise<number | undefined>((resolve, reject) => {
        const sending = request(
          {
            port,
            host: '127.0.0.1',
            method: 'POST',
            path: '/api/imports/devices',
            headers: { 'content-type': 'text/csv', cookie: 'session=root', ...headers },
          },
          (response) => {
            response.resume();
            resolve(response.statusCode);
            sending.destroy();
          },
        );
        sending.on('error', reject);
        const chunk = Buffer.alloc(2 ** 20, 97);
        let left = chunks;
        const more = () => {
          while (left > 0) {
            left -= 1;
            if (!sending.write(chunk)) {
              sending.once('drain', more);
              return;
            }
          }
          sending.end();
        };
        more();
      });
    expect(await send({ 'content-length': String(65 * 2 ** 20) }, 1)).toBe(413);
    expect(await send({}, 66)).toBe(413);
    expect(readdirSync(spoolDir)).toEqual([]);
  });
});
