import { readdirSync, readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deviceRecord, handTurned, temporaryFolder } from '../../../tests/support/health-harness.ts';
import { DeviceKinds } from '../../contract/device.ts';
import { AvailabilityTopic, type DialectName, DialectNames } from '../../contract/dialects.ts';
import { PAYLOAD_LIMIT_BYTES } from '../../contract/mqtt-payloads.ts';
import type { Finding } from './dialect.ts';
import { createDialectBook } from './dialects.ts';
import { withoutNesting } from './sparkplug-wire.ts';

/** Many more by hand: `FUZZ_RUNS=50000 vitest run --project unit main/health/dialects/fuzz`. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 400);
/** Topics of every kind of message that a dialect knows, of the device `x`. */
const TOPICS: Record<DialectName, readonly string[]> = {
  netjson: ['netjson/x/DeviceMonitoring'],
  ucentral: ['ucentral/x/state', 'ucentral/x/healthcheck', 'ucentral/x/connection'],
  onvif: ['x/onvif-ej/Device/HardwareFailure/FanFailure/&1', 'x/onvif-ej/VideoSource/SignalLoss'],
  axis: ['axis/x/event/tns:onvif/Device/tns:axis/Sensor/PIR', 'axis/x/event/connection'],
  sparkplug: [
    ...['NBIRTH', 'NDEATH', 'NDATA'].map((verb) => `spBv1.0/g/${verb}/x`),
    ...['DBIRTH', 'DDEATH', 'DDATA'].map((verb) => `spBv1.0/g/${verb}/edge/x`),
  ],
  homie: ['homie/x/$state', 'homie/5/x/$state'],
  'home-assistant': ['x/status', 'x/availability', 'x/LWT'],
};
/** Whose topic alone says that the device is gone: any payload that can be read at all is a death. */
const DEATH_BY_TOPIC = /\/DDEATH\//;

/** Several topics that make one answer, one of them of all devices. */
const SEVERAL = {
  name: 'home-assistant',
  availability: AvailabilityTopic.array().parse([
    { topic: 'several/bridge', value_template: '{{ value_json.state }}' },
    { topic: 'several/{device}/words', payload_available: 'good', payload_not_available: 'nogood' },
    { topic: 'several/{device}/deep', value_template: '{{ value_json.unit.memory }}' },
  ]),
  availability_mode: 'all',
} as const;
const SEVERAL_TOPICS = ['several/bridge', 'several/x/words', 'several/x/deep'];

const folder = new URL('../../../fixtures/dialects/', import.meta.url);
const samples = readdirSync(folder)
  .filter((name) => name.endsWith('.payload'))
  .map((name) => readFileSync(new URL(name, folder)));

const bytes = fc.uint8Array({ maxLength: 2_000 }).map((array) => Buffer.from(array));
const words = fc
  .constantFrom(
    'online',
    'good',
    'nogood',
    'ready',
    'init',
    'constructor',
    '__proto__',
    '{}',
    '[]',
    'null',
    '{"state":{}}',
    '"',
  )
  .map((word) => Buffer.from(word));
const json = fc.json({ maxDepth: 10 }).map((text) => Buffer.from(text));
/** A sample with some of its bytes changed, or an end cut off. */
const mutated = fc
  .tuple(
    fc.constantFrom(...samples),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 6 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(([sample, changes, share]) => {
    const copy = Buffer.from(sample);
    for (const [at, value] of changes) if (copy.length > 0) copy[at % copy.length] = value;
    return share < 0.3 ? copy.subarray(0, Math.floor(copy.length * share * 3)) : copy;
  });
/** A sample with one of its values replaced by anything. */
const retyped = fc
  .tuple(fc.constantFrom(...samples), fc.nat(), fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.double()))
  .map(([sample, at, value]) => Buffer.from(withValueReplaced(sample.toString(), at, JSON.stringify(value))));
/** What is sent to break a reader: numbers beyond all bounds, names of built-in things, half characters, other centuries. */
const hostileValue = fc.constantFrom(
  ...[
    '1e999',
    '-1e999',
    '1e-999',
    '-0',
    '9007199254740993',
    '0.1e400',
    '"NaN"',
    '"Infinity"',
    'null',
    'true',
  ],
  ...[
    '"\\ud800"',
    '"\\udfff\\ud800"',
    '"\\u0000"',
    '"\u202e"',
    '-62135596800000',
    '253402300800',
    '8.64e15',
    '8.65e15',
  ],
  ...[
    '"9999-12-31T23:59:59Z"',
    '"+275760-09-13T00:00:00Z"',
    '"0000-00-00T00:00:00Z"',
    '"__proto__"',
    '[]',
    '{}',
  ],
  ...[
    '{"__proto__":{"state":{}}}',
    '{"constructor":{"prototype":{"online":true}}}',
    '{"toString":1,"valueOf":null}',
  ],
  ...[`[${'0,'.repeat(5_000)}0]`, `${'['.repeat(15)}${']'.repeat(15)}`, `"${'x'.repeat(5_000)}"`],
);
const hostile = fc
  .tuple(
    fc.constantFrom(...samples),
    fc.array(fc.tuple(fc.nat(), hostileValue), { minLength: 1, maxLength: 5 }),
  )
  .map(([sample, changes]) =>
    Buffer.from(changes.reduce((text, [at, value]) => withValueReplaced(text, at, value), sample.toString())),
  );
const packed = fc.oneof(json, mutated, retyped, hostile).map((inner) =>
  Buffer.from(
    JSON.stringify({
      ...{ jsonrpc: '2.0', method: 'state' },
      params: { compress_64: deflateSync(inner).toString('base64'), compress_sz: inner.length },
    }),
  ),
);
const payloads = fc.oneof(bytes, words, json, mutated, retyped, hostile, packed);

function withValueReplaced(text: string, at: number, value: string): string {
  const values = [...text.matchAll(/(?<=[:[,]\s*)("[^"]*"|-?\d[\d.e+-]*|true|false|null)(?=\s*[,\]}])/g)];
  const found = values[at % Math.max(1, values.length)];
  if (!found) return text;
  return text.slice(0, found.index) + value + text.slice(found.index + found[0].length);
}

function read(name: DialectName, topic: string, payload: Buffer, kind: (typeof DeviceKinds)[number]) {
  const book = createDialectBook([{ name }], () => 'x');
  const foreign = book.parse(topic);
  const opened = foreign && book.open(foreign);
  if (!opened) throw new Error(`${topic} is no topic of ${name}`);
  return opened.dialect.read(opened.address, payload, kind);
}

describe.each(DialectNames)('%s', (name) => {
  test('answers anything, with few findings or a reason', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TOPICS[name]),
        payloads,
        fc.constantFrom(...DeviceKinds),
        (topic, payload, kind) => {
          const reading = read(name, topic, payload, kind);
          if (!reading.ok) {
            expect(reading.reason).toMatch(/^[a-z0-9-]+( \/[^\n]*)?$/);
            return;
          }
          expect(reading.findings.length).toBeLessThanOrEqual(2);
          for (const finding of reading.findings)
            if ('at' in finding && finding.at !== null) expect(finding.at).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: RUNS },
    );
  });

  test('takes any text for a topic or leaves it', () => {
    const level = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom(...TOPICS[name].join('/').split('/')),
    );
    const book = createDialectBook([{ name }], () => 'x');
    fc.assert(
      fc.property(fc.array(level, { maxLength: 8 }), (levels) => {
        const topic = book.parse(levels.join('/'));
        if (topic) expect(book.open(topic)?.address.name).not.toBe('');
      }),
    );
  });
});

test('several topics of Home Assistant: anything is one part of the answer, nothing or a reason', () => {
  const book = createDialectBook([SEVERAL], () => 'x');
  fc.assert(
    fc.property(fc.constantFrom(...SEVERAL_TOPICS), payloads, (topic, payload) => {
      const foreign = book.parse(topic);
      const opened = foreign && book.open(foreign);
      if (!opened) throw new Error(`${topic} is taken by nobody`);
      const reading = opened.dialect.read(opened.address, payload, 'ap');
      if (!reading.ok) expect(reading.reason).toMatch(/^[a-z0-9-]+( \/[^\n]*)?$/);
      else
        for (const finding of reading.findings) expect(finding).toMatchObject({ kind: 'part', mode: 'all' });
    }),
    { numRuns: RUNS },
  );
});

describe('in the health room', () => {
  let dataDir: ReturnType<typeof temporaryFolder>;
  let hub: Awaited<ReturnType<typeof handTurned>>;
  beforeEach(async () => {
    dataDir = temporaryFolder();
    hub = await handTurned(
      dataDir.path,
      DeviceKinds.map((kind, index) => deviceRecord(index + 1, kind, `x-${kind}`)),
      {
        settings: DialectNames.map((name) => ({ name })),
        identities: async () => DeviceKinds.map((kind) => ({ id: `x-${kind}`, serial: '', mac: '' })),
      },
    );
  });
  afterEach(async () => {
    await hub.stop();
    dataDir.remove();
  });

  test('nothing but a death makes a device suspect, whatever comes', async () => {
    const dies = ({ kind }: Finding) => kind === 'death';
    const tellings = fc
      .constantFrom(...DialectNames)
      .chain((name) =>
        fc.tuple(
          fc.constant(name),
          fc.constantFrom(...TOPICS[name]),
          payloads,
          fc.constantFrom(...DeviceKinds),
          fc.boolean(),
        ),
      );
    fc.assert(
      fc.property(tellings, ([name, topic, payload, kind, retained]) => {
        const id = `x-${kind}`;
        hub.tell(`homie/${id}/$state`, 'ready');
        const reading = read(name, topic, payload, kind);
        hub.tell(topic.replace(/(?<=^|\/)x(?=\/|$)/, id), payload, retained);
        const told = reading.ok && reading.findings.some(dies);
        if (!told) expect(['online', 'degraded', 'bad-data', 'flapping']).toContain(hub.statusOf(id));
        else if (!DEATH_BY_TOPIC.test(topic))
          expect(reading).toMatchObject({ findings: [{ kind: 'death' }] });
        // Refused data is seen, and the device lives.
        if (!reading.ok && !retained) expect(['bad-data', 'flapping']).toContain(hub.statusOf(id));
        // A good message of each channel heals what is broken.
        hub.tell(`homie/${id}/$state`, 'ready');
      }),
      { numRuns: RUNS },
    );
    await hub.health.flush();
    for (const device of hub.devices) await hub.health.health(device, true);
  });
});

test('Sparkplug bytes are only ever narrowed', () => {
  fc.assert(
    fc.property(fc.oneof(bytes, mutated), (payload) => {
      const narrowed = withoutNesting(payload);
      if (!narrowed) return;
      expect(narrowed.length).toBeLessThanOrEqual(payload.length);
      expect(withoutNesting(narrowed)).toEqual(narrowed);
    }),
    { numRuns: RUNS },
  );
});

test.each(DialectNames)('%s refuses what is too large or too deep before it is built', (name) => {
  const large = Buffer.alloc(PAYLOAD_LIMIT_BYTES + 1, '[');
  const deep = Buffer.from(`{"a":${'['.repeat(2_000)}${']'.repeat(2_000)}}`);
  for (const topic of TOPICS[name])
    for (const payload of [large, deep])
      expect(read(name, topic, payload, 'ap')).toMatchObject({
        ok: false,
        reason: expect.stringMatching(/^(too-large|too-deep|unknown-state|not-sparkplug)$/),
      });
});
