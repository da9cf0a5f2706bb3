import { readFileSync } from 'node:fs';
import { deflateSync, gzipSync } from 'node:zlib';
import sparkplugPayload from 'sparkplug-payload';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { DeviceKind } from '../../contract/device.ts';
import type { DialectName } from '../../contract/dialects.ts';
import { PAYLOAD_LIMIT_BYTES } from '../../contract/mqtt-payloads.ts';
import { checkEvent, checkState } from '../payloads.ts';
import type { Reading } from './dialect.ts';
import { createDialectBook, DIALECTS } from './dialects.ts';

const sample = (name: string): Buffer =>
  readFileSync(new URL(`../../../fixtures/dialects/${name}.payload`, import.meta.url));

function read(name: DialectName, topic: string, payload: Uint8Array, kind: DeviceKind = 'ap'): Reading {
  const book = createDialectBook([{ name }], () => undefined);
  const foreign = book.parse(topic);
  const opened = foreign && book.open(foreign);
  if (!opened) throw new Error(`${topic} is no topic of ${name}`);
  return opened.dialect.read(opened.address, payload, kind);
}

function findings(reading: Reading) {
  if (!reading.ok) throw new Error(`refused: ${reading.reason}`);
  return reading.findings;
}

/** What a sample tells of a device's state, as far as the canonical schema takes it. */
function stateOf(reading: Reading, kind: DeviceKind) {
  const [first] = findings(reading);
  if (first?.kind !== 'state') throw new Error('no state');
  const checked = checkState(kind, { v: 1, id: 'x', session: 1, seq: 1, ts: first.at ?? 0, ...first.fields });
  if (!checked.ok) throw new Error(checked.reason);
  return checked.value.report;
}

const Plugged = z.record(
  z.string(),
  z.object({
    timestamp: z.number(),
    seq: z.number().optional(),
    metrics: z
      .array(z.object({ name: z.string(), timestamp: z.number(), dataType: z.string(), value: z.unknown() }))
      .optional(),
  }),
);
const plugged = Plugged.parse(JSON.parse(sample('sparkplug').toString()));

/** The specification's example as a node would send it, `bdSeq` set to `run` where it has one. */
function sparkplugBytes(verb: string, run?: number): Uint8Array {
  const codec = sparkplugPayload.get('spBv1.0');
  const example = plugged[verb];
  if (!codec || !example) throw new Error('no such sample');
  const metrics = (example.metrics ?? []).map(({ dataType, name, value, timestamp }) => ({
    ...{ name, timestamp },
    type: z
      .enum(['UInt64', 'Int64', 'Boolean', 'String', 'Float'])
      .parse(dataType === 'Uint64' ? 'UInt64' : dataType),
    value: z
      .union([z.number(), z.boolean(), z.string()])
      .parse(name === 'bdSeq' && run !== undefined ? run : value),
  }));
  return codec.encodePayload({
    timestamp: example.timestamp,
    metrics,
    ...(example.seq === undefined ? {} : { seq: example.seq }),
  });
}

describe('NetJSON', () => {
  const topic = 'netjson/ap-1/DeviceMonitoring';

  test("the standard's own example", () => {
    expect(findings(read('netjson', topic, sample('netjson-standard')))[0]).toMatchObject({
      at: 1_414_305_354_000,
    });
    expect(stateOf(read('netjson', topic, sample('netjson-standard')), 'ap')).toMatchObject({
      uptimeS: 3_501_937,
      cpuPct: 17,
      memory: { totalB: 67_108_864, freeB: 3_156 },
      ssids: [],
    });
  });

  test("OpenWISP's example: two networks on one channel are one radio", () => {
    expect(stateOf(read('netjson', topic, sample('netjson-openwisp')), 'ap')).toMatchObject({
      uptimeS: 8_003,
      radios: [{ band: '2.4', channel: 6, widthMHz: 20, txPowerDbm: 6, noiseDbm: -95 }],
      ssids: [
        { ssid: 'testnet', enabled: true, clients: 1, rxB: 324, txB: 145 },
        { ssid: 'testnet', enabled: true, clients: 2, rxB: 2_275, txB: 826 },
      ],
      clients: [{ mac: '00:ee:ad:34:f5:3b' }, { mac: 'b0:e1:7e:30:16:44' }, { mac: 'c0:ee:fb:34:f5:4b' }],
    });
  });

  test("what the agent turned to the clients' view is turned back", () => {
    const report = {
      type: 'DeviceMonitoring',
      interfaces: [
        {
          name: 'wlan0',
          type: 'wireless',
          statistics: { rx_bytes: 7, tx_bytes: 9 },
          wireless: { mode: 'access_point', clients: {} },
        },
      ],
    };
    const state = stateOf(read('netjson', topic, Buffer.from(JSON.stringify(report))), 'ap');
    expect(state).toMatchObject({ ssids: [{ rxB: 9, txB: 7, clients: 0 }] });
  });

  test('a switch has ports', () => {
    const report = {
      type: 'DeviceMonitoring',
      interfaces: [
        { name: 'lan1', type: 'ethernet', up: true, speed: '1000F' },
        { name: 'lan2', type: 'ethernet', up: false, speed: '-1F' },
        { name: 'br-lan', type: 'bridge', up: true },
      ],
    };
    expect(
      stateOf(read('netjson', topic, Buffer.from(JSON.stringify(report)), 'switch'), 'switch'),
    ).toMatchObject({
      ports: [
        { port: 'lan1', up: true, mbps: 1_000 },
        { port: 'lan2', up: false },
      ],
    });
  });

  test.each([
    ['netjson-bad-no-name', 'wrong-field /interfaces'],
    ['netjson-bad-type', 'wrong-field /type'],
    ['netjson-bad-no-type', 'wrong-field /type'],
  ])('%s is refused', (name, reason) => {
    expect(read('netjson', topic, sample(name))).toEqual({ ok: false, reason });
  });

  test('a report without interfaces is a report', () => {
    expect(stateOf(read('netjson', topic, sample('netjson-empty')), 'ap')).toMatchObject({
      radios: [],
      ssids: [],
    });
    expect(read('netjson', topic, sample('netjson-empty'), 'camera')).toEqual({
      ok: false,
      reason: 'wrong-kind',
    });
  });
});

describe('uCentral', () => {
  const topic = (subject: string) => `ucentral/50987100327b/${subject}`;
  const envelope = z.object({ payload: z.record(z.string(), z.unknown()) });
  const params = () => envelope.parse(JSON.parse(sample('ucentral-state').toString())).payload;
  const packed = (bytes: Buffer, size: number) =>
    Buffer.from(
      JSON.stringify({
        jsonrpc: '2.0',
        method: 'state',
        params: { compress_64: bytes.toString('base64'), compress_sz: size },
      }),
    );

  const shown = {
    uptimeS: 5_748,
    configId: '1657200535',
    memory: { totalB: 254_537_728, freeB: 141_684_736 },
    uplink: { port: 'eth0', mbps: 1_000 },
    radios: [
      {
        band: '2.4',
        channel: 6,
        widthMHz: 40,
        txPowerDbm: 30,
        noiseDbm: -99,
        activeMs: 1_250_435,
        busyMs: 92_944,
      },
      { band: '5', channel: 100, widthMHz: 80, txPowerDbm: 24, noiseDbm: -108, rxMs: 3_991, txMs: 4_124 },
    ],
    ssids: [
      { ssid: 'tls_ssid_wpa2', bssid: '50:98:71:00:32:7a', clients: 1, rxB: 7_385, txB: 5_798 },
      { ssid: 'tls_ssid_wpa2', bssid: '50:98:71:00:32:79', clients: 0 },
    ],
    clients: [{ mac: '04:f0:21:76:ca:b6', rssiDbm: -49, connectedS: 769 }],
  };

  test("the gateway's message", () => {
    const reading = read('ucentral', topic('state'), sample('ucentral-state'));
    expect(reading).toMatchObject({ says: '50987100327b', findings: [{ at: 1_657_201_798_000 }] });
    expect(stateOf(reading, 'ap')).toMatchObject(shown);
  });

  test('the same, packed by the device', () => {
    const text = Buffer.from(JSON.stringify(params()));
    expect(
      stateOf(read('ucentral', topic('state'), packed(deflateSync(text), text.length)), 'ap'),
    ).toMatchObject(shown);
  });

  test('newer firmware names the band and measures channels by frequency', () => {
    const radio = {
      ...{ channel: 37, channel_width: 160, tx_power: 20, band: ['6G'], frequency: [6_135, 6_185] },
      survey: [
        { frequency: 5_955, time: 5, busy: 4, noise: -90 },
        { frequency: 6_135, time: 900, busy: 90, noise: -97, time_rx: 50, time_tx: 20 },
      ],
    };
    const text = JSON.stringify({
      jsonrpc: '2.0',
      method: 'state',
      params: {
        serial: '50987100327b',
        uuid: 5,
        state: { radios: [radio], unit: { cpu_load: [12, 10, 14] } },
      },
    });
    expect(stateOf(read('ucentral', topic('state'), Buffer.from(text)), 'ap')).toMatchObject({
      cpuPct: 12,
      radios: [
        {
          band: '6',
          channel: 37,
          widthMHz: 160,
          noiseDbm: -97,
          activeMs: 900,
          busyMs: 90,
          rxMs: 50,
          txMs: 20,
        },
      ],
    });
  });

  test('a switch shows its links as ports', () => {
    expect(
      stateOf(read('ucentral', topic('state'), sample('ucentral-state'), 'switch'), 'switch'),
    ).toMatchObject({
      ports: [
        { port: 'eth0', up: true, mbps: 1_000 },
        { port: 'eth1', up: false },
      ],
    });
  });

  test.each([
    ['healthcheck', 'ucentral-healthcheck', 'info', '903cb39d69c0'],
    ['healthcheck', 'ucentral-healthcheck-poor', 'critical', '0006aee53b84'],
  ])('%s %s is of severity %s', (subject, name, severity, says) => {
    expect(read('ucentral', topic(subject), sample(name))).toMatchObject({
      says,
      findings: [{ kind: 'contact' }, { kind: 'event', type: 'ucentral.healthcheck', severity }],
    });
  });

  test.each([
    ['ucentral-capabilities', 'birth', '824f816011e4'],
    ['ucentral-ping', 'contact', 'f40b9fe78d3d'],
    ['ucentral-disconnection', 'death', '824f816011e4'],
  ])('%s is a %s', (name, kind, says) => {
    expect(read('ucentral', topic('connection'), sample(name))).toEqual({
      ok: true,
      findings: [{ kind }],
      says,
    });
  });

  test.each([
    ['state', 'ucentral-bad-packed', 'not-base64'],
    ['healthcheck', 'ucentral-bad-no-serial', 'wrong-field /serial'],
    ['healthcheck', 'ucentral-bad-sanity', 'wrong-field /healthcheck'],
    ['connection', 'ucentral-bad-method', 'wrong-method'],
    ['state', 'ucentral-healthcheck', 'wrong-field /state'],
  ])('on %s, %s is refused', (subject, name, reason) => {
    expect(read('ucentral', topic(subject), sample(name))).toEqual({ ok: false, reason });
  });

  test('a bomb, a wrong length, another packing and a packed packing are refused', () => {
    const refused = (bytes: Buffer, size: number) => read('ucentral', topic('state'), packed(bytes, size));
    const text = Buffer.from(JSON.stringify(params()));
    const bomb = deflateSync(Buffer.alloc(30_000_000, ' '));
    expect(bomb.length).toBeLessThan(PAYLOAD_LIMIT_BYTES / 2);
    expect(refused(bomb, 30_000_000)).toEqual({ ok: false, reason: 'too-large' });
    expect(refused(deflateSync(text), text.length + 1)).toEqual({ ok: false, reason: 'wrong-length' });
    expect(refused(gzipSync(text), text.length)).toEqual({ ok: false, reason: 'not-zlib' });
    const inner = Buffer.from(JSON.stringify({ compress_64: deflateSync(text).toString('base64') }));
    expect(refused(deflateSync(inner), inner.length)).toEqual({ ok: false, reason: 'packed-twice' });
    expect(refused(deflateSync(Buffer.from('[1]')), 3)).toMatchObject({ ok: false });
  });
});

describe('ONVIF', () => {
  test.each([
    [
      'MyDevice/onvif-ej/RuleEngine/LineDetector/Crossed/&1/2/MyImportantFence1',
      'onvif-line-crossed',
      'info',
      'onvif.RuleEngine/LineDetector/Crossed',
    ],
    [
      'MyDevice/onvif-ej/Device/Sensor/Temperature/High',
      'onvif-temperature',
      'info',
      'onvif.Device/Sensor/Temperature/High',
    ],
    [
      'MyDevice/onvif-ej/Device/HardwareFailure/StorageFailure/&SD_DISK',
      'onvif-storage-failure',
      'critical',
      'onvif.Device/HardwareFailure/StorageFailure',
    ],
  ])('%s', (topic, name, severity, type) => {
    const [event] = findings(read('onvif', topic, sample(name), 'camera'));
    expect(event).toMatchObject({ kind: 'event', severity, type });
    if (event?.kind !== 'event') throw new Error('no event');
    const { at, source, data } = event;
    expect(checkEvent({ v: 1, id: 'x', session: 0, seq: 0, ts: at, type, severity, source, data }).ok).toBe(
      true,
    );
  });

  test('the time and the items are those of the message', () => {
    const topic = 'MyDevice/onvif-ej/RuleEngine/LineDetector/Crossed/&1/2/MyImportantFence1';
    expect(findings(read('onvif', topic, sample('onvif-line-crossed'), 'camera'))).toEqual([
      {
        ...{ kind: 'event', type: 'onvif.RuleEngine/LineDetector/Crossed', severity: 'info' },
        at: Date.UTC(2008, 9, 10, 12, 24, 57, 321),
        source: { VideoSource: '1', AnalyticsConfiguration: '2', Rule: 'MyImportantFence1' },
        data: { ObjectId: '15' },
      },
    ]);
  });

  test.each([
    ['onvif-bad-quote', 'not-json'],
    ['onvif-bad-brace', 'not-json'],
    ['onvif-bad-time', 'wrong-field /UtcTime'],
    ['onvif-bad-no-source', 'wrong-field /Source'],
  ])('%s is refused', (name, reason) => {
    expect(read('onvif', 'MyDevice/onvif-ej/Device/X', sample(name), 'camera')).toEqual({
      ok: false,
      reason,
    });
  });

  test('zero bytes say that a property is gone, so the camera lives', () => {
    expect(findings(read('onvif', 'MyDevice/onvif-ej/Device/X', Buffer.alloc(0), 'camera'))).toEqual([
      { kind: 'contact' },
    ]);
  });
});

describe('Axis', () => {
  const topic = 'axis/00408C123456/event/tns:onvif/Device/tns:axis/Sensor/PIR/$source/sensor/0';

  test('an event', () => {
    expect(read('axis', topic, sample('axis-pir'), 'camera')).toEqual({
      ok: true,
      findings: [
        {
          ...{
            kind: 'event',
            at: 1_590_258_472_044,
            type: 'axis.onvif:Device/axis:Sensor/PIR',
            severity: 'info',
          },
          source: { sensor: '0' },
          data: { state: '1' },
        },
      ],
    });
  });

  test.each([
    ['axis-connected', 'birth'],
    ['axis-disconnected', 'death'],
  ])('%s is a %s', (name, kind) => {
    expect(read('axis', 'axis/00408C123456/event/connection', sample(name), 'camera')).toEqual({
      ok: true,
      findings: [{ kind }],
      says: '00408C123456',
    });
  });

  test.each([
    ['onvif:VideoSource/axis:Tampering', {}, 'warning'],
    ['onvif:Device/axis:Tampering/ShockDetected', {}, 'warning'],
    ['onvif:Device/axis:HardwareFailure/StorageFailure', { disruption: '1', temperature: '30' }, 'warning'],
    ['onvif:Device/axis:HardwareFailure/StorageFailure', { disruption: '0', temperature: '30' }, 'info'],
    ['onvif:Device/axis:Status/SystemReady', { ready: '1' }, 'info'],
  ])('%s with %j is of severity %s', (event, data, severity) => {
    const payload = Buffer.from(JSON.stringify({ topic: event, message: { data } }));
    expect(findings(read('axis', topic, payload, 'camera'))).toMatchObject([{ at: null, severity }]);
  });

  test('another serial number than the topic has is told', () => {
    expect(read('axis', topic, sample('axis-other-serial'), 'camera')).toMatchObject({
      says: 'ACCC8EFFFFFF',
    });
  });

  test.each([
    [topic, 'axis-bad-no-message', 'wrong-field /message'],
    ['axis/00408C123456/event/connection', 'axis-bad-connected', 'wrong-field /connected'],
  ])('on %s, %s is refused', (where, name, reason) => {
    expect(read('axis', where, sample(name), 'camera')).toEqual({ ok: false, reason });
  });
});

describe('Sparkplug B', () => {
  const node = (verb: string) => `spBv1.0/Sparkplug B Devices/${verb}/Raspberry Pi`;

  test.each([
    ['NBIRTH', [{ kind: 'birth', run: 7 }]],
    ['NDEATH', [{ kind: 'death', run: 7 }]],
    ['NDATA', [{ kind: 'contact' }]],
  ])('%s of an edge node', (verb, expected) => {
    expect(findings(read('sparkplug', node(verb), sparkplugBytes(verb, 7)))).toEqual(expected);
  });

  test.each([
    ['DBIRTH', 'birth'],
    ['DDEATH', 'death'],
    ['DDATA', 'contact'],
  ])('%s of a device is a %s', (verb, kind) => {
    expect(findings(read('sparkplug', `${node(verb)}/Pibrella`, sparkplugBytes(verb)))).toEqual([{ kind }]);
  });

  test('a birth or death without its number is refused, and so is what is no protobuf', () => {
    expect(read('sparkplug', node('NBIRTH'), sparkplugBytes('NDATA'))).toEqual({
      ok: false,
      reason: 'no-bdseq',
    });
    expect(read('sparkplug', node('NDEATH'), Buffer.alloc(0))).toEqual({ ok: false, reason: 'no-bdseq' });
    expect(read('sparkplug', node('NDATA'), Buffer.from('{"a":1}'))).toEqual({
      ok: false,
      reason: 'not-sparkplug',
    });
    expect(read('sparkplug', node('NDATA'), Buffer.alloc(PAYLOAD_LIMIT_BYTES + 1))).toEqual({
      ok: false,
      reason: 'too-large',
    });
  });

  /** A field of bytes. */
  function field(number: number, ...content: Uint8Array[]): Buffer {
    const bytes = Buffer.concat(content);
    return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
  }

  function varint(value: number): Buffer {
    const bytes = [];
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
    return Buffer.from([...bytes, rest]);
  }

  const bdSeq = (run: number) =>
    field(2, field(1, Buffer.from('bdSeq')), Buffer.from([4 * 8, 8, 11 * 8]), varint(run));

  test('a broken data set is passed over', () => {
    // num_of_columns (1) and one row (4) of a dataset_value (17), datatype 16.
    const dataSet = field(17, Buffer.from([8]), varint(2 ** 50), field(4));
    const bytes = Buffer.concat([
      field(2, field(1, Buffer.from('table')), Buffer.from([4 * 8, 16]), dataSet),
      bdSeq(3),
    ]);
    expect(findings(read('sparkplug', node('NBIRTH'), bytes))).toEqual([{ kind: 'birth', run: 3 }]);
  });

  test('templates, which the decoder goes through twice at each level, are passed over', () => {
    let nested = field(2, Buffer.from([4 * 8, 3, 10 * 8, 1]));
    for (let level = 0; level < 60; level++) nested = field(2, Buffer.from([4 * 8, 19]), field(18, nested));
    expect(findings(read('sparkplug', node('NBIRTH'), Buffer.concat([nested, bdSeq(1)])))).toEqual([
      { kind: 'birth', run: 1 },
    ]);
  });

  test('templates nested as deep as a message allows are passed over', () => {
    // A metric (2) of a template with a template_value (18), some eight thousand times.
    const around: Buffer[] = [];
    for (let bytes = 0; bytes < PAYLOAD_LIMIT_BYTES - 200; ) {
      const inner = bytes;
      const template = Buffer.concat([varint(18 * 8 + 2), varint(inner)]);
      const metric = Buffer.concat([varint(2 * 8 + 2), varint(inner + template.length)]);
      around.push(template, metric);
      bytes = inner + template.length + metric.length;
    }
    const nested = Buffer.concat(around.reverse());
    expect(nested.length).toBeGreaterThan(PAYLOAD_LIMIT_BYTES / 2);
    const bytes = Buffer.concat([nested, bdSeq(200)]);
    expect(findings(read('sparkplug', node('NDEATH'), bytes))).toEqual([{ kind: 'death', run: 200 }]);
  });

  test('half a message is none', () => {
    const bytes = sparkplugBytes('NBIRTH', 7);
    expect(read('sparkplug', node('NBIRTH'), bytes.subarray(0, bytes.length - 1))).toEqual({
      ok: false,
      reason: 'not-sparkplug',
    });
  });
});

describe('Homie', () => {
  test.each([
    ['homie/super-car/$state', 'init', ['birth']],
    ['homie/5/super-car/$state', 'ready', ['birth', 'event']],
    ['homie/super-car/$state', 'alert', ['birth', 'event']],
    ['homie/5/super-car/$state', 'sleeping', ['contact']],
    ['homie/5/super-car/$state', 'disconnected', ['death']],
    ['homie/super-car/$state', 'lost', ['death']],
    ['homie/5/super-car/$state', '', []],
  ])('%s %s', (topic, word, kinds) => {
    expect(findings(read('homie', topic, Buffer.from(word))).map(({ kind }) => kind)).toEqual(kinds);
  });

  test.each(['READY', 'constructor', '__proto__', 'gone'])('%s is no state', (word) => {
    expect(read('homie', 'homie/x/$state', Buffer.from(word))).toEqual({
      ok: false,
      reason: 'unknown-state',
    });
  });
});

describe('Home Assistant', () => {
  test.each([
    ['porch/status', 'online', 'birth'],
    ['porch/status', 'offline', 'death'],
    ['porch/availability', '{"state":"online"}', 'birth'],
    ['porch/LWT', 'Offline', 'death'],
  ])('%s %s is a %s', (topic, payload, kind) => {
    expect(findings(read('home-assistant', topic, Buffer.from(payload)))).toEqual([{ kind }]);
  });

  test.each([
    ['on', 'unknown-state'],
    ['{"state":"unknown"}', 'unknown-state'],
    ['{"state":1}', 'wrong-field /state'],
    ['{', 'not-json'],
  ])('%s is refused', (payload, reason) => {
    expect(read('home-assistant', 'porch/status', Buffer.from(payload))).toEqual({ ok: false, reason });
  });

  test('an empty message only clears what the broker kept', () => {
    expect(findings(read('home-assistant', 'porch/status', Buffer.alloc(0)))).toEqual([]);
  });
});

describe('topics', () => {
  test.each([
    ['netjson', 'netjson/ap-1', 'netjson//DeviceMonitoring', 'netjson/a/DeviceMonitoring/b'],
    ['ucentral', 'ucentral/x/constructor', 'ucentral/x/state/y', 'other/x/state'],
    ['onvif', 'cam/onvif-mj/x', 'cam/onvif-ej', 'cam/onvif-ej/&1'],
    ['axis', 'axis/x/event', 'axis//event/connection', 'axis/x/status'],
    ['sparkplug', 'spBv1.0/g/NCMD/e', 'spBv1.0/g/NBIRTH/e/d', 'spBv1.0/g/DBIRTH/e', 'spBv1.0/STATE/host'],
    ['homie', 'homie/x/$homie', 'homie/5/x/y/$state', 'homie/$state'],
    ['home-assistant', 'x/y/status', '/status', 'x/state'],
  ] as const)('%s leaves other topics alone', (name, ...others) => {
    const book = createDialectBook([{ name }], () => 'anybody');
    for (const topic of others) expect(book.parse(topic)).toBeUndefined();
  });

  test('a prefix stands before the topics and their filters', () => {
    const book = createDialectBook([{ name: 'onvif', prefix: 'city/cameras' }], (name) => `id of ${name}`);
    expect(book.filters).toEqual({ 'city/cameras/+/onvif-ej/#': { qos: 1 } });
    expect(book.parse('city/cameras/E4:30:22:F3:31:AA/onvif-ej/Device/Trigger/Relay/&Relay-1')).toEqual({
      foreign: 'city/cameras/E4:30:22:F3:31:AA/onvif-ej/Device/Trigger/Relay/&Relay-1',
      channel: 'event',
      deviceId: 'id of E4:30:22:F3:31:AA',
    });
    expect(book.parse('cam/onvif-ej/Device/X')).toBeUndefined();
  });

  test('each topic that an adapter takes is one that it subscribes', () => {
    const matches = (filter: string, topic: string) => {
      const levels = topic.split('/');
      const wanted = filter.split('/');
      return (
        wanted.every((level, index) =>
          level === '#'
            ? levels.length >= index
            : level === '+'
              ? index < levels.length
              : level === levels[index],
        ) &&
        (wanted.at(-1) === '#' || wanted.length === levels.length)
      );
    };
    for (const [name, topic] of [
      ['netjson', 'netjson/a/DeviceMonitoring'],
      ['ucentral', 'ucentral/a/connection'],
      ['onvif', 'a/onvif-ej/Device/X/&1'],
      ['axis', 'axis/a/event/connection'],
      ['sparkplug', 'spBv1.0/g/DDEATH/e/d'],
      ['homie', 'homie/5/a/$state'],
      ['home-assistant', 'a/LWT'],
    ] as const) {
      const book = createDialectBook([{ name }], () => undefined);
      expect(book.parse(topic)).toBeDefined();
      expect(Object.keys(book.filters).filter((filter) => matches(filter, topic))).toHaveLength(1);
      expect(DIALECTS[name].name).toBe(name);
    }
  });
});
