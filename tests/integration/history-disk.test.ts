import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { Monitoring } from '../../main/contract/health.ts';
import type { Chart } from '../../main/contract/history.ts';
import { shardOf } from '../../main/mqtt/topics.ts';
import { temporaryFolder, until } from '../support/hub-process.ts';
import { mosquittoTools } from '../support/mosquitto.ts';
import { type SmallHub, startSmallHub } from '../support/small-hub.ts';
import { mountTmpfs, unmount } from '../support/tmpfs.ts';

const folder = temporaryFolder('history-disk');
const disk = join(folder.dir, 'history');
const ballast = join(disk, 'ballast');
let small: SmallHub | undefined;

beforeAll(async () => {
  mkdirSync(disk);
  await mountTmpfs(disk, '2m');
  small = await startSmallHub('history-disk', {}, { ...folder, remove: () => undefined });
});
afterAll(async () => {
  await small?.stop();
  await unmount(disk);
  folder.remove();
});

/** Fills the disk to its last byte. */
function fill(): void {
  for (const size of [65_536, 4_096, 1])
    try {
      for (;;) writeFileSync(ballast, Buffer.alloc(size), { flag: 'a' });
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' });
    }
}

it('a full disk under the history is told while statuses go on, and what waited is charted once there is room', async () => {
  if (!small) throw new Error('no hub');
  const { admin, hub, addDevice } = small;
  const monitoring = () => admin.json<Monitoring>('/api/monitoring');
  const metric = async (name: string) =>
    Number(
      new RegExp(`^kalancha_history_${name} (\\d+)$`, 'm').exec(
        await (await admin.get('/metrics')).text(),
      )?.[1],
    );
  await addDevice({ id: 'ap-1', kind: 'ap', name: 'One' });
  const { user, secret } = (await (await admin.send('POST', '/api/devices/ap-1/mqtt-secret')).json()) as {
    user: string;
    secret: string;
  };
  const device = mosquittoTools(hub.mqttPort, ['-u', user, '-P', secret]);
  onTestFinished(() => device.stop());
  const say = (channel: string, more: object) =>
    device.publish(
      `kalancha/v1/moscow/${shardOf('ap-1')}/ap/ap-1/${channel}`,
      JSON.stringify({ v: 1, id: 'ap-1', session: 1, ts: Date.now(), ...more }),
      ['-q', '1'],
    );
  expect((await monitoring()).history).toEqual({ failingSince: null, error: null, lostBatches: 0 });

  fill();
  await say('status', { online: true, heartbeatS: 300 });
  // A report may still find room in a page that the database has: the disk refuses soon.
  let seq = 0;
  await until('refused', async () => {
    seq += 1;
    await say('state', { seq, cpuPct: 41 });
    return (await monitoring()).history.failingSince ?? undefined;
  });
  const { history, broker, ingestStalledSince } = await monitoring();
  expect(history).toMatchObject({ error: { code: 'disk-full' }, lostBatches: 0 });
  expect([broker.downSince, ingestStalledSince]).toEqual([null, null]);
  expect(await admin.json('/api/devices/ap-1/health')).toMatchObject({ status: 'online' });
  expect(await metric('failing')).toBe(1);
  expect(await metric('unstored_bytes')).toBeGreaterThan(0);

  rmSync(ballast);
  await until('stored again', async () =>
    (await monitoring()).history.failingSince === null ? true : undefined,
  );
  const now = Date.now();
  const { series } = await admin.json<Chart>(
    `/api/devices/ap-1/history?metrics=cpu&from=${now - 600_000}&to=${now + 1}&points=2`,
  );
  expect(series[0]?.max).toContain(41);
  expect(await metric('failing')).toBe(0);
  expect(await metric('unstored_bytes')).toBe(0);
  expect(await metric('lost_batches_total')).toBe(0);
});
