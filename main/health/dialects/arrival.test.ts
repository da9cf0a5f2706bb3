import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DialectHub, dialectHub } from '../../../tests/support/dialect-hub.ts';
import { sample } from '../../../tests/support/dialect-samples.ts';
import { statePayload, statusPayload } from '../../../tests/support/health-harness.ts';

let city: DialectHub;
beforeEach(async () => {
  city = await dialectHub();
});
afterEach(() => city.stop());

describe('life and death by arrival', () => {
  test('birth, death, grace, offline, birth', () => {
    city.hub.tell('homie/ap-1/$state', 'ready');
    city.hub.tell('homie/ap-1/$state', 'lost');
    expect(city.hub.statusOf('ap-1')).toBe('suspect');
    city.hub.seconds(11);
    expect(city.hub.statusOf('ap-1')).toBe('offline');
    city.hub.tell('homie/ap-1/$state', 'init');
    expect(city.hub.statusOf('ap-1')).toBe('online');
  });

  test('who speaks only of changes may be silent for hours, and whoever has a rhythm may not', () => {
    city.hub.tell('porch/status', 'online');
    city.hub.tell('cam-1/status', 'online');
    city.hub.tell('netjson/ap-1/DeviceMonitoring', sample('netjson-openwisp'));
    city.hub.seconds(670);
    expect(city.hub.statusOf('ap-1')).toBe('online');
    city.hub.seconds(90);
    expect(city.hub.statusOf('ap-1')).toBe('offline');
    city.hub.seconds(20_000);
    expect(city.hub.statusOf('cam-1')).toBe('online');
  });

  test('what the broker kept tells how things stand, and brings nobody back from silence', async () => {
    city.hub.tell('homie/ap-1/$state', 'lost', true);
    city.hub.seconds(45);
    expect(city.hub.statusOf('ap-1')).toBe('offline');
    city.hub.tell('homie/ap-1/$state', 'ready', true);
    expect(city.hub.statusOf('ap-1')).toBe('online');
    city.hub.tell('netjson/sw-1/DeviceMonitoring', sample('netjson-empty'));
    city.hub.seconds(800);
    expect(city.hub.statusOf('sw-1')).toBe('offline');
    city.hub.tell('sw-1/status', 'online', true);
    expect(city.hub.statusOf('sw-1')).toBe('offline');
  });

  test('a death told twice, or kept and told again, is one death', () => {
    city.hub.tell('homie/ap-1/$state', 'ready');
    city.hub.tell('homie/ap-1/$state', 'lost');
    city.hub.seconds(8);
    city.hub.tell('homie/ap-1/$state', 'lost');
    city.hub.seconds(3);
    expect(city.hub.statusOf('ap-1')).toBe('offline');
    city.hub.tell('homie/ap-1/$state', 'lost', true);
    expect(city.hub.statusOf('ap-1')).toBe('offline');
  });

  test('contact within the grace takes a death back', () => {
    city.hub.tell('homie/ap-1/$state', 'ready');
    city.hub.tell('homie/ap-1/$state', 'lost');
    city.hub.seconds(5);
    city.hub.tell('netjson/ap-1/DeviceMonitoring', sample('netjson-openwisp'));
    city.hub.seconds(20);
    expect(city.hub.statusOf('ap-1')).toBe('online');
  });

  test('a device may speak our dialect beside another', async () => {
    city.hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', 17));
    city.hub.send('ap', 'ap-1', 'state', statePayload('ap-1', 17, 5, { uptimeS: 1 }));
    city.hub.tell('netjson/ap-1/DeviceMonitoring', sample('netjson-openwisp'));
    expect((await city.health('ap-1')).uptimeS).toBe(8_003);
    city.hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', 18));
    city.hub.send('ap', 'ap-1', 'state', statePayload('ap-1', 18, 1, { uptimeS: 2 }));
    expect((await city.health('ap-1')).uptimeS).toBe(2);
    expect(city.hub.statusOf('ap-1')).toBe('online');
  });

  test("another dialect's death and birth leave the session of ours alone", () => {
    city.hub.send('camera', 'cam-1', 'status', statusPayload('cam-1', 17));
    city.hub.tell('axis/ACCC8E012345/event/connection', '{"connected":false}');
    city.hub.seconds(11);
    expect(city.hub.statusOf('cam-1')).toBe('offline');
    city.hub.tell('axis/ACCC8E012345/event/connection', '{"connected":true}', true);
    expect(city.hub.statusOf('cam-1')).toBe('online');
    city.hub.send('camera', 'cam-1', 'state', statePayload('cam-1', 17, 1));
    city.hub.seconds(70);
    city.hub.send('camera', 'cam-1', 'state', statePayload('cam-1', 17, 2));
    expect(city.hub.statusOf('cam-1')).toBe('online');
    city.hub.seconds(80);
    expect(city.hub.statusOf('cam-1')).toBe('offline');
  });

  test('who reports in our dialect has a rhythm, although it spoke only of changes before', () => {
    city.hub.tell('axis/ACCC8E012345/event/connection', '{"connected":true}');
    city.hub.seconds(100);
    city.hub.send('camera', 'cam-1', 'state', statePayload('cam-1', 17, 1));
    city.hub.seconds(60);
    expect(city.hub.statusOf('cam-1')).toBe('online');
    city.hub.seconds(20);
    expect(city.hub.statusOf('cam-1')).toBe('offline');
  });

  test('one broken message is healed by the next sound one of its channel', () => {
    city.hub.tell('ucentral/ap-1/healthcheck', 'x');
    expect(city.hub.statusOf('ap-1')).toBe('bad-data');
    const ping = { jsonrpc: '2.0', method: 'healthcheck', params: { serial: '50987100327b', sanity: 100 } };
    city.hub.tell('ucentral/ap-1/healthcheck', JSON.stringify(ping));
    expect(city.hub.statusOf('ap-1')).toBe('online');
  });

  test('a device that comes and goes without heartbeat flaps, and settles', () => {
    for (let turn = 0; turn < 12; turn++) {
      city.hub.tell('homie/ap-1/$state', 'ready');
      city.hub.seconds(20);
      city.hub.tell('homie/ap-1/$state', 'lost');
      city.hub.seconds(20);
    }
    expect(city.hub.statusOf('ap-1')).toBe('flapping');
    city.hub.tell('homie/ap-1/$state', 'ready');
    city.hub.seconds(400);
    expect(city.hub.statusOf('ap-1')).toBe('online');
  });

  test('states outlive the hub: a death stands, and the next birth is one', async () => {
    city.hub.tell('homie/ap-1/$state', 'ready');
    city.hub.tell('homie/ap-1/$state', 'lost');
    city.hub.seconds(11);
    await city.hub.stop();
    await city.start();
    expect(city.hub.statusOf('ap-1')).toBe('offline');
    city.hub.tell('homie/ap-1/$state', 'ready', true);
    expect(city.hub.statusOf('ap-1')).toBe('online');
  });
});

test('a flood is counted, never a death', () => {
  const topic = city.hub.health.foreign.parse('ap-1/onvif-ej/Device/X');
  const status = city.hub.health.foreign.parse('ap-1/status');
  const stranger = city.hub.health.foreign.parse('nobody/onvif-ej/Device/X');
  if (!topic || !status || !stranger) throw new Error('no topic');
  const flooded = Array.from({ length: 200 }, () => city.hub.health.sink.floods(topic, Buffer.from('{}')));
  expect(flooded.filter(Boolean)).toHaveLength(100);
  expect(city.hub.health.sink.floods(status, Buffer.from('offline'))).toBe(false);
  expect(city.hub.health.sink.floods(stranger, Buffer.from('{}'))).toBe(false);
  expect([city.hub.health.sink.knows(topic), city.hub.health.sink.knows(stranger)]).toEqual([true, false]);
});

test('what was acknowledged is taken in again after the hub was killed', async () => {
  const topic = city.hub.health.foreign.parse('homie/ap-1/$state');
  if (!topic) throw new Error('no topic');
  await city.hub.health.sink.store([
    { topic, payload: Buffer.from('lost'), retained: false, rxAt: city.hub.clock.now() },
  ]);
  await city.hub.kill();
  await city.start();
  city.hub.seconds(45);
  expect(city.hub.statusOf('ap-1')).toBe('offline');
});
