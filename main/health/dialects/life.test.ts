import { readFileSync } from 'node:fs';
import sparkplugPayload from 'sparkplug-payload';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  deviceRecord,
  handTurned,
  linkUp,
  statePayload,
  statusPayload,
  temporaryFolder,
} from '../../../tests/support/health-harness.ts';
import { DialectNames } from '../../contract/dialects.ts';
import type { DeviceIdentity } from '../../devices/types.ts';

const sample = (name: string): Buffer =>
  readFileSync(new URL(`../../../fixtures/dialects/${name}.payload`, import.meta.url));

const records = [
  deviceRecord(1, 'ap', 'ap-1'),
  deviceRecord(2, 'camera', 'cam-1'),
  deviceRecord(3, 'switch', 'sw-1'),
  deviceRecord(4, 'camera', 'Cam-Two'),
  deviceRecord(5, 'ap', 'ap-twin-1'),
  deviceRecord(6, 'ap', 'ap-twin-2'),
];
const made: DeviceIdentity[] = [
  { id: 'ap-1', serial: '50987100327b', mac: '50:98:71:00:32:7A' },
  { id: 'cam-1', serial: 'ACCC8E012345', mac: '00:40:8C:12:34:56' },
  { id: 'sw-1', serial: '', mac: '' },
  { id: 'Cam-Two', serial: '', mac: 'E4:30:22:F3:31:AA' },
  { id: 'ap-twin-1', serial: 'same', mac: '' },
  { id: 'ap-twin-2', serial: 'same', mac: '' },
];
let identities: DeviceIdentity[];

const dialects = {
  settings: DialectNames.map((name) => ({ name })),
  identities: async (ids?: readonly string[]) => identities.filter(({ id }) => ids?.includes(id) ?? true),
};

let folder: ReturnType<typeof temporaryFolder>;
let hub: Awaited<ReturnType<typeof handTurned>>;
const start = async () => {
  hub = await handTurned(folder.path, [...records], dialects);
};
beforeEach(async () => {
  folder = temporaryFolder();
  identities = [...made];
  await start();
});
afterEach(async () => {
  await hub.stop();
  folder.remove();
});

const health = (id: string) => {
  const device = records.find((record) => record.id === id);
  if (!device) throw new Error(`no device ${id}`);
  return hub.health.health(device, true);
};
const events = async (id: string) => {
  const device = records.find((record) => record.id === id);
  if (!device) throw new Error(`no device ${id}`);
  await hub.health.flush();
  return hub.health.events(device);
};

test('a device that spoke another dialect alone is known for it, until it speaks ours too', () => {
  const only = () => hub.health.latest({ num: 1 }).onlyForeign;
  expect(only()).toBe(false);
  hub.tell('homie/ap-1/$state', 'ready');
  expect(only()).toBe(true);
  hub.send('ap', 'ap-1', 'state', statePayload('ap-1', 1, 1));
  hub.tell('homie/ap-1/$state', 'ready');
  expect(only()).toBe(false);
});

describe('whose message it is', () => {
  test.each([
    ['the id', 'homie/ap-1/$state', 'ap-1'],
    ['the id in small letters', 'homie/cam-two/$state', 'Cam-Two'],
    ['the serial number', 'homie/accc8e012345/$state', 'cam-1'],
    ['a MAC for a serial number, with colons', 'homie/ac:cc:8e:01:23:45/$state', 'cam-1'],
    ['the MAC with colons', 'homie/00:40:8c:12:34:56/$state', 'cam-1'],
    ['the MAC without', 'homie/e43022f331aa/$state', 'Cam-Two'],
  ])('%s', (_what, topic, id) => {
    hub.tell(topic, 'ready');
    expect(hub.statusOf(id)).toBe('online');
    expect(hub.health.totals().strangers).toBe(0);
  });

  test('a name that nobody has, or that two have, is a stranger', () => {
    hub.tell('homie/nobody/$state', 'ready');
    hub.tell('homie/same/$state', 'ready');
    expect(hub.health.totals().strangers).toBe(2);
    expect(hub.statusOf('ap-twin-1')).toBe('never-seen');
  });

  test('a changed serial number counts from then on', async () => {
    identities = identities.map((one) => (one.id === 'ap-twin-1' ? { ...one, serial: 'other' } : one));
    hub.bus.emit('devices.changed', { deviceIds: ['ap-twin-1'] });
    await expect.poll(() => hub.health.foreign.parse('homie/other/$state')?.deviceId).toBe('ap-twin-1');
    expect(hub.health.foreign.parse('homie/same/$state')?.deviceId).toBe('ap-twin-2');
    identities = identities.filter(({ id }) => id !== 'ap-twin-2');
    hub.bus.emit('devices.changed', { deviceIds: null });
    await expect.poll(() => hub.health.foreign.parse('homie/same/$state')?.deviceId).toBeUndefined();
    expect(hub.health.foreign.parse('homie/other/$state')?.deviceId).toBe('ap-twin-1');
  });

  test('a payload that names another device is quarantined', async () => {
    hub.tell('axis/ACCC8E012345/event/a/b', sample('axis-other-serial'));
    expect(hub.statusOf('cam-1')).toBe('bad-data');
    expect((await health('cam-1')).malformed).toMatchObject({ lastReason: 'wrong-id' });
    hub.tell('axis/ACCC8E012345/event/connection', sample('axis-connected'));
    expect(hub.statusOf('cam-1')).toBe('online');
  });

  test('a dialect that is not in use has no topics', async () => {
    await hub.stop();
    hub = await handTurned(folder.path, [...records]);
    expect(hub.health.foreign.parse('homie/ap-1/$state')).toBeUndefined();
    expect(hub.health.foreign.filters).toEqual({});
  });
});

describe('life and death by arrival', () => {
  test('birth, death, grace, offline, birth', () => {
    hub.tell('homie/ap-1/$state', 'ready');
    hub.tell('homie/ap-1/$state', 'lost');
    expect(hub.statusOf('ap-1')).toBe('suspect');
    hub.seconds(11);
    expect(hub.statusOf('ap-1')).toBe('offline');
    hub.tell('homie/ap-1/$state', 'init');
    expect(hub.statusOf('ap-1')).toBe('online');
  });

  test('who speaks only of changes may be silent for hours, and whoever has a rhythm may not', () => {
    hub.tell('porch/status', 'online');
    hub.tell('cam-1/status', 'online');
    hub.tell('netjson/ap-1/DeviceMonitoring', sample('netjson-openwisp'));
    hub.seconds(670);
    expect(hub.statusOf('ap-1')).toBe('online');
    hub.seconds(90);
    expect(hub.statusOf('ap-1')).toBe('offline');
    hub.seconds(20_000);
    expect(hub.statusOf('cam-1')).toBe('online');
  });

  test('what the broker kept tells how things stand, and brings nobody back from silence', async () => {
    hub.tell('homie/ap-1/$state', 'lost', true);
    hub.seconds(45);
    expect(hub.statusOf('ap-1')).toBe('offline');
    hub.tell('homie/ap-1/$state', 'ready', true);
    expect(hub.statusOf('ap-1')).toBe('online');
    hub.tell('netjson/sw-1/DeviceMonitoring', sample('netjson-empty'));
    hub.seconds(800);
    expect(hub.statusOf('sw-1')).toBe('offline');
    hub.tell('sw-1/status', 'online', true);
    expect(hub.statusOf('sw-1')).toBe('offline');
  });

  test('a death told twice, or kept and told again, is one death', () => {
    hub.tell('homie/ap-1/$state', 'ready');
    hub.tell('homie/ap-1/$state', 'lost');
    hub.seconds(8);
    hub.tell('homie/ap-1/$state', 'lost');
    hub.seconds(3);
    expect(hub.statusOf('ap-1')).toBe('offline');
    hub.tell('homie/ap-1/$state', 'lost', true);
    expect(hub.statusOf('ap-1')).toBe('offline');
  });

  test('contact within the grace takes a death back', () => {
    hub.tell('homie/ap-1/$state', 'ready');
    hub.tell('homie/ap-1/$state', 'lost');
    hub.seconds(5);
    hub.tell('netjson/ap-1/DeviceMonitoring', sample('netjson-openwisp'));
    hub.seconds(20);
    expect(hub.statusOf('ap-1')).toBe('online');
  });

  test('a device may speak our dialect beside another', async () => {
    hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', 17));
    hub.send('ap', 'ap-1', 'state', statePayload('ap-1', 17, 5, { uptimeS: 1 }));
    hub.tell('netjson/ap-1/DeviceMonitoring', sample('netjson-openwisp'));
    expect((await health('ap-1')).uptimeS).toBe(8_003);
    hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', 18));
    hub.send('ap', 'ap-1', 'state', statePayload('ap-1', 18, 1, { uptimeS: 2 }));
    expect((await health('ap-1')).uptimeS).toBe(2);
    expect(hub.statusOf('ap-1')).toBe('online');
  });

  test("another dialect's death and birth leave the session of ours alone", () => {
    hub.send('camera', 'cam-1', 'status', statusPayload('cam-1', 17));
    hub.tell('axis/ACCC8E012345/event/connection', '{"connected":false}');
    hub.seconds(11);
    expect(hub.statusOf('cam-1')).toBe('offline');
    hub.tell('axis/ACCC8E012345/event/connection', '{"connected":true}', true);
    expect(hub.statusOf('cam-1')).toBe('online');
    hub.send('camera', 'cam-1', 'state', statePayload('cam-1', 17, 1));
    hub.seconds(70);
    hub.send('camera', 'cam-1', 'state', statePayload('cam-1', 17, 2));
    expect(hub.statusOf('cam-1')).toBe('online');
    hub.seconds(80);
    expect(hub.statusOf('cam-1')).toBe('offline');
  });

  test('who reports in our dialect has a rhythm, although it spoke only of changes before', () => {
    hub.tell('axis/ACCC8E012345/event/connection', '{"connected":true}');
    hub.seconds(100);
    hub.send('camera', 'cam-1', 'state', statePayload('cam-1', 17, 1));
    hub.seconds(60);
    expect(hub.statusOf('cam-1')).toBe('online');
    hub.seconds(20);
    expect(hub.statusOf('cam-1')).toBe('offline');
  });

  test('one broken message is healed by the next sound one of its channel', () => {
    hub.tell('ucentral/ap-1/healthcheck', 'x');
    expect(hub.statusOf('ap-1')).toBe('bad-data');
    const ping = { jsonrpc: '2.0', method: 'healthcheck', params: { serial: '50987100327b', sanity: 100 } };
    hub.tell('ucentral/ap-1/healthcheck', JSON.stringify(ping));
    expect(hub.statusOf('ap-1')).toBe('online');
  });

  test('a device that comes and goes without heartbeat flaps, and settles', () => {
    for (let turn = 0; turn < 12; turn++) {
      hub.tell('homie/ap-1/$state', 'ready');
      hub.seconds(20);
      hub.tell('homie/ap-1/$state', 'lost');
      hub.seconds(20);
    }
    expect(hub.statusOf('ap-1')).toBe('flapping');
    hub.tell('homie/ap-1/$state', 'ready');
    hub.seconds(400);
    expect(hub.statusOf('ap-1')).toBe('online');
  });

  test('states outlive the hub: a death stands, and the next birth is one', async () => {
    hub.tell('homie/ap-1/$state', 'ready');
    hub.tell('homie/ap-1/$state', 'lost');
    hub.seconds(11);
    await hub.stop();
    await start();
    expect(hub.statusOf('ap-1')).toBe('offline');
    hub.tell('homie/ap-1/$state', 'ready', true);
    expect(hub.statusOf('ap-1')).toBe('online');
  });
});

describe('uCentral', () => {
  test('a state is what the page of the point shows', async () => {
    hub.tell('ucentral/50987100327b/state', sample('ucentral-state'));
    expect(await health('ap-1')).toMatchObject({
      ...{ uptimeS: 5_748, clientCount: 1, configId: '1657200535' },
      radios: [{ channel: 6 }, { channel: 100 }],
    });
    expect(hub.samples).toHaveLength(1);
  });

  test('a poor health check is told once, until it is another', async () => {
    const check = (sanity: number) =>
      hub.tell(
        'ucentral/ap-1/healthcheck',
        JSON.stringify({ jsonrpc: '2.0', method: 'healthcheck', params: { serial: '50987100327b', sanity } }),
      );
    for (const sanity of [100, 43, 43, 43, 100, 100]) {
      check(sanity);
      hub.seconds(30);
    }
    expect((await events('ap-1')).map(({ severity }) => severity)).toEqual(['info', 'critical']);
  });
});

describe('events', () => {
  const topic = 'E4:30:22:F3:31:AA/onvif-ej/Device/HardwareFailure/StorageFailure/&SD_DISK';

  test('the same event is kept once, however often brokers deliver it', async () => {
    hub.tell(topic, sample('onvif-storage-failure'));
    hub.tell(topic, sample('onvif-storage-failure'));
    await hub.stop();
    await start();
    hub.tell(topic, sample('onvif-storage-failure'), true);
    hub.tell(topic.replace('SD_DISK', 'OTHER'), sample('onvif-storage-failure'));
    expect(await events('Cam-Two')).toMatchObject([
      { severity: 'critical', data: { Failed: 'true' } },
      { severity: 'critical', type: 'onvif.Device/HardwareFailure/StorageFailure' },
    ]);
  });

  test('an event proves life, a kept one does not', () => {
    hub.tell(topic, sample('onvif-storage-failure'), true);
    expect(hub.statusOf('Cam-Two')).toBe('never-seen');
    hub.tell(topic, '');
    expect(hub.statusOf('Cam-Two')).toBe('online');
  });
});

describe('Sparkplug B', () => {
  const codec = sparkplugPayload.get('spBv1.0');
  if (!codec) throw new Error('no codec');
  const bytes = (run?: number) =>
    codec.encodePayload({
      timestamp: 1_486_144_502_122,
      seq: 0,
      metrics: run === undefined ? [] : [{ name: 'bdSeq', type: 'UInt64', value: run }],
    });
  const node = (verb: string, run?: number, edge = 'sw-1') =>
    hub.tell(`spBv1.0/city/${verb}/${edge}`, bytes(run));
  const device = (verb: string, id: string, edge = 'sw-1') =>
    hub.tell(`spBv1.0/city/${verb}/${edge}/${id}`, bytes());

  test('a death of an older connection is ignored, that of the live one is not', () => {
    node('NBIRTH', 4);
    node('NBIRTH', 5);
    node('NDEATH', 4);
    expect(hub.statusOf('sw-1')).toBe('online');
    node('NDEATH', 5);
    expect(hub.statusOf('sw-1')).toBe('suspect');
    hub.seconds(11);
    expect(hub.statusOf('sw-1')).toBe('offline');
    node('NDATA');
    expect(hub.statusOf('sw-1')).toBe('online');
  });

  test('the number begins anew after 255, and after a restart of the node', () => {
    for (const [old, young] of [
      [255, 0],
      [9, 0],
    ] as const) {
      node('NBIRTH', old);
      node('NBIRTH', young);
      node('NDEATH', old);
      hub.seconds(11);
      expect(hub.statusOf('sw-1')).toBe('online');
      node('NDEATH', young);
      expect(hub.statusOf('sw-1')).toBe('suspect');
    }
  });

  test('with its node all devices are gone, registered node or not', () => {
    for (const edge of ['sw-1', 'gateway']) {
      node('NBIRTH', 1, edge);
      device('DBIRTH', 'cam-1', edge);
      device('DDATA', 'ap-1', edge);
      node('NDEATH', 1, edge);
      expect([hub.statusOf('cam-1'), hub.statusOf('ap-1')]).toEqual(['suspect', 'suspect']);
      hub.seconds(11);
      expect([hub.statusOf('cam-1'), hub.statusOf('ap-1')]).toEqual(['offline', 'offline']);
      node('NBIRTH', 2, edge);
      device('DBIRTH', 'cam-1', edge);
      expect([hub.statusOf('cam-1'), hub.statusOf('ap-1')]).toEqual(['online', 'offline']);
    }
  });

  test('one device dies alone', () => {
    node('NBIRTH', 1);
    device('DBIRTH', 'cam-1');
    device('DDEATH', 'cam-1');
    expect([hub.statusOf('sw-1'), hub.statusOf('cam-1')]).toEqual(['online', 'suspect']);
  });

  test('after a restart of the hub an older death is still told from a newer', async () => {
    node('NBIRTH', 5);
    await hub.stop();
    await start();
    node('NDATA');
    node('NDEATH', 4);
    hub.seconds(45);
    expect(hub.statusOf('sw-1')).toBe('online');
    // The birth of 6 was not heard.
    node('NDEATH', 6);
    hub.seconds(45);
    expect(hub.statusOf('sw-1')).toBe('offline');
  });

  test('a birth may have been missed while the broker was away', () => {
    node('NBIRTH', 5);
    hub.seconds(1);
    hub.health.sink.link({ ...linkUp, downSince: hub.clock.now() });
    hub.seconds(5);
    hub.health.sink.link(linkUp);
    node('NDATA');
    node('NDEATH', 6);
    expect(hub.statusOf('sw-1')).toBe('suspect');
  });

  test('a kept birth of a node is old', () => {
    hub.tell('spBv1.0/city/NBIRTH/sw-1', bytes(3), true);
    expect(hub.statusOf('sw-1')).toBe('never-seen');
  });
});

test('a flood is counted, never a death', () => {
  const topic = hub.health.foreign.parse('ap-1/onvif-ej/Device/X');
  const status = hub.health.foreign.parse('ap-1/status');
  const stranger = hub.health.foreign.parse('nobody/onvif-ej/Device/X');
  if (!topic || !status || !stranger) throw new Error('no topic');
  const flooded = Array.from({ length: 200 }, () => hub.health.sink.floods(topic, Buffer.from('{}')));
  expect(flooded.filter(Boolean)).toHaveLength(100);
  expect(hub.health.sink.floods(status, Buffer.from('offline'))).toBe(false);
  expect(hub.health.sink.floods(stranger, Buffer.from('{}'))).toBe(false);
  expect([hub.health.sink.knows(topic), hub.health.sink.knows(stranger)]).toEqual([true, false]);
});

test('what was acknowledged is taken in again after the hub was killed', async () => {
  const topic = hub.health.foreign.parse('homie/ap-1/$state');
  if (!topic) throw new Error('no topic');
  await hub.health.sink.store([
    { topic, payload: Buffer.from('lost'), retained: false, rxAt: hub.clock.now() },
  ]);
  await hub.kill();
  await start();
  hub.seconds(45);
  expect(hub.statusOf('ap-1')).toBe('offline');
});
