import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { shardOf } from '../../main/mqtt/topics.ts';
import { until } from '../support/hub-process.ts';
import { mosquittoTools } from '../support/mosquitto.ts';
import { type SmallHub, startSmallHub } from '../support/small-hub.ts';

let small: SmallHub;
beforeAll(async () => {
  small = await startSmallHub('secrets');
  await small.addDevice({ id: 'ap-1', kind: 'ap', name: 'One' });
  await small.addDevice({ id: 'ap-2', kind: 'ap', name: 'Two' });
});
afterAll(() => small.stop());

const birth = (id: string) =>
  JSON.stringify({ v: 1, id, online: true, session: 1, ts: Date.now(), heartbeatS: 30 });
const topic = (id: string) => `kalancha/v1/moscow/${shardOf(id)}/ap/${id}/status`;
const statusOf = async (id: string) =>
  (await small.admin.json<{ status: string }>(`/api/devices/${id}/health`)).status;

it('a device signs in with its secret, may write only its own topics, and is refused once the secret is ended', async () => {
  const issued = await small.admin.send('POST', '/api/devices/ap-1/mqtt-secret');
  expect(issued.status).toBe(200);
  const { user, secret } = (await issued.json()) as { user: string; secret: string };
  const device = mosquittoTools(small.hub.mqttPort, ['-u', user, '-P', secret]);
  onTestFinished(() => device.stop());
  expect((await device.publish(topic('ap-1'), birth('ap-1'), ['-q', '1', '-r'])).code).toBe(0);
  await until('ap-1 online', async () => ((await statusOf('ap-1')) === 'online' ? true : undefined));
  await device.publish(topic('ap-2'), birth('ap-2'), ['-q', '1']);
  expect(await statusOf('ap-2')).toBe('never-seen');

  const metrics = async () => (await small.admin.get('/metrics')).text();
  const connections = (count: number) =>
    until(`${count} connections`, async () =>
      (await metrics()).includes(`\nkalancha_mqtt_connections ${count}\n`) ? true : undefined,
    );
  await connections(0);
  const connected = device.listen(topic('ap-1').replace(/status$/, 'command'));
  await connections(1);
  expect(connected.running()).toBe(true);
  expect((await small.admin.send('DELETE', '/api/devices/ap-1/mqtt-secret')).status).toBe(204);
  // Cut off, it tries to come back by itself, is refused and gives up.
  await until('ap-1 cut off', async () => (connected.running() ? undefined : true));
  expect((await device.publish(topic('ap-1'), birth('ap-1'), ['-q', '1'])).code).not.toBe(0);
  expect(await metrics()).toMatch(/kalancha_mqtt_refused_total\{reason="sign-in"\} [1-9]/);
  expect(small.hub.log()).not.toContain(secret);
});

it('a gateway signs in once for the devices below it, and for no others', async () => {
  await small.addDevice({ id: 'gw-1', kind: 'switch', name: 'Gateway' });
  await small.addDevice({ id: 'ap-3', kind: 'ap', name: 'Three', parentId: 'gw-1' });
  const issued = await small.admin.send('POST', '/api/devices/gw-1/mqtt-secret');
  const { user, secret } = (await issued.json()) as { user: string; secret: string };
  const gateway = mosquittoTools(small.hub.mqttPort, ['-u', user, '-P', secret]);
  onTestFinished(() => gateway.stop());
  const own = (channel: string) => `kalancha/v1/moscow/${shardOf('gw-1')}/gateway/gw-1/${channel}`;
  const statuses = ['ap-3', 'ap-2'].map((id) => JSON.parse(birth(id)));
  const report = JSON.stringify({ v: 1, id: 'gw-1', session: 1, seq: 1, ts: Date.now(), statuses });
  expect((await gateway.publish(own('event'), report, ['-q', '1'])).code).toBe(0);
  await until('ap-3 online', async () => ((await statusOf('ap-3')) === 'online' ? true : undefined));
  expect(await statusOf('gw-1')).toBe('online');
  expect(await statusOf('ap-2')).toBe('never-seen');
  const { malformed } = await small.admin.json<{ malformed: { count: number; lastReason: string } }>(
    '/api/devices/gw-1/health',
  );
  expect(malformed).toMatchObject({ count: 1, lastReason: 'not-below' });
  // The topic of a device below it is that device's own.
  await gateway.publish(topic('ap-3'), birth('ap-3').replace('"online":true', '"online":false'), ['-q', '1']);
  expect(await statusOf('ap-3')).toBe('online');
});
