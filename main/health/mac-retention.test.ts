import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  handTurned,
  statePayload,
  statusPayload,
  temporaryFolder,
} from '../../tests/support/health-harness.ts';
import { createMacRetention } from './mac-retention.ts';

const DAY = 86_400_000;
let folder: ReturnType<typeof temporaryFolder>;
let hub: Awaited<ReturnType<typeof handTurned>>;
beforeEach(async () => {
  folder = temporaryFolder();
  hub = await handTurned(folder.path);
});
afterEach(async () => {
  await hub.stop();
  folder.remove();
});

const retention = () =>
  createMacRetention({
    ...{ db: hub.db, clock: hub.clock, log: hub.log.log, days: 7 },
    forgetClients: hub.health.forgetClients,
  });
const point = () => {
  const device = hub.devices.find(({ id }) => id === 'ap-1');
  if (!device) throw new Error('no such device');
  return device;
};
const roams = (seq: number, client: string) =>
  hub.send('ap', 'ap-1', 'event', {
    ...{ ...statePayload('ap-1', 1, seq), type: `roam ${client}`, severity: 'info' },
    ...{ source: { client }, data: { [client]: [`${client} left`], n: 7 } },
  });
const named = async () => {
  const events = await hub.health.events(point());
  return events.map(({ type, source, data }) => JSON.stringify({ type, source, data }));
};

test('events name clients for seven days, then their maker alone; whoever asks again finds it done', async () => {
  roams(1, 'AA:BB:CC:11:22:33');
  hub.clock.advance(3 * DAY);
  roams(2, 'AA:BB:CC:44:55:66');
  await hub.health.flush();
  const macs = retention();
  await macs.run();
  expect((await named()).join()).toContain('11:22:33');
  hub.clock.advance(4 * DAY + 1);
  await macs.run();
  expect(await named()).toEqual([
    expect.stringContaining('AA:BB:CC:44:55:66'),
    '{"type":"roam aa:bb:cc:xx:xx:xx","source":{"client":"aa:bb:cc:xx:xx:xx"},"data":{"aa:bb:cc:xx:xx:xx":["aa:bb:cc:xx:xx:xx left"],"n":7}}',
  ]);
  hub.clock.advance(3 * DAY);
  await macs.run();
  expect((await named()).join()).not.toContain('44:55:66');
  await macs.stop();
});

test('a clock that was wrong once keeps no MAC for longer', async () => {
  hub.clock.jump(400 * DAY);
  roams(1, 'AA:BB:CC:11:22:33');
  hub.clock.jump(-400 * DAY);
  roams(2, 'AA:BB:CC:44:55:66');
  hub.clock.advance(8 * DAY);
  await hub.health.flush();
  const macs = retention();
  await macs.run();
  expect((await named()).join()).not.toMatch(/11:22:33|44:55:66/);
  await macs.stop();
});

test('the clients of a point that fell silent go from memory', async () => {
  hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', 1));
  hub.send('ap', 'ap-1', 'state', statePayload('ap-1', 1, 1, { clients: [{ mac: 'AA:BB:CC:11:22:33' }] }));
  const macs = retention();
  hub.clock.advance(6 * DAY);
  await macs.run();
  expect((await hub.health.health(point(), true)).clients).toHaveLength(1);
  hub.clock.advance(2 * DAY);
  await macs.run();
  expect(await hub.health.health(point(), true)).toMatchObject({ clients: [], clientCount: 1 });
  await macs.stop();
});

test('nothing else on the disk or in the log holds a MAC: neither reports, broken ones, nor the journal', async () => {
  const mac = 'AA:BB:CC:11:22:33';
  hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', 1));
  hub.send('ap', 'ap-1', 'state', statePayload('ap-1', 1, 1, { clients: [{ mac, rssiDbm: -60 }] }));
  const broken = { clients: [{ mac, rssiDbm: 'loud' }], pad: 'x'.repeat(398), cut: mac };
  hub.send('ap', 'ap-1', 'state', statePayload('ap-1', 1, 2, broken));
  await hub.health.flush();
  const samples = await hub.db.selectFrom('quarantine_reasons').select('sample').execute();
  expect(samples[0]?.sample).toContain('aa:bb:cc:xx:xx:xx');
  await hub.health.flush();
  const files = readdirSync(folder.path).map((name) => readFileSync(join(folder.path, name), 'latin1'));
  for (const text of [...files, hub.log.text()]) expect(text).not.toMatch(/11:22:33|112233/);
});
