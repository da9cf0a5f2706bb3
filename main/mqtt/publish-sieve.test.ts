import fc from 'fast-check';
import { generate, type Packet } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { createPublishSieve, type PublishFrame } from './publish-sieve.ts';

const LIMIT = 200;

/** What comes out when the bytes come in pieces that end at `cuts`. */
function sieved(bytes: Buffer, version: 4 | 5, cuts: readonly number[] = []) {
  const frames: (Omit<PublishFrame, 'payload'> & { payload: string })[] = [];
  const rest: Buffer[] = [];
  const sieve = createPublishSieve({
    ...{ version, payloadLimit: LIMIT },
    publish: ({ payload, ...frame }) => void frames.push({ ...frame, payload: payload.toString('latin1') }),
    rest: (more) => void rest.push(Buffer.from(more)),
  });
  let from = 0;
  for (const cut of [...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length]) {
    sieve.push(bytes.subarray(from, cut));
    from = cut;
  }
  return { frames, rest: Buffer.concat(rest) };
}

const publication = fc.record({
  topic: fc.constantFrom('a', 'kalancha/v1/moscow/0f/ap/ap-1/state', 'дом/1'),
  payload: fc.string({ maxLength: LIMIT + 150, unit: 'binary-ascii' }),
  qos: fc.constantFrom(0 as const, 1 as const),
  retain: fc.boolean(),
  packetId: fc.integer({ min: 1, max: 65_535 }),
  alias: fc.boolean(),
});
const other: Packet[] = [
  { cmd: 'pingresp' },
  { cmd: 'puback', messageId: 7 },
  { cmd: 'suback', messageId: 9, granted: [1, 0] },
];

test.each([4, 5] as const)(
  'MQTT version %i: messages come out and the rest stays, however the bytes are cut',
  (version) => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(publication, fc.constantFrom(...other)), { maxLength: 12 }),
        fc.array(fc.nat(4_000), { maxLength: 40 }),
        (packets, cuts) => {
          const settings = { protocolVersion: version };
          const encode = (packet: (typeof packets)[number]) => {
            if ('cmd' in packet) return generate({ ...packet }, settings);
            const { packetId, alias, ...publish } = packet;
            return generate(
              {
                ...{
                  cmd: 'publish',
                  dup: false,
                  ...publish,
                  ...(publish.qos === 1 ? { messageId: packetId } : {}),
                },
                ...(version === 5 && alias
                  ? { properties: { messageExpiryInterval: 90, contentType: 'json' } }
                  : {}),
              },
              settings,
            );
          };
          const { frames, rest } = sieved(Buffer.concat(packets.map(encode)), version, cuts);
          expect(frames).toEqual(
            packets.flatMap((packet) =>
              'cmd' in packet
                ? []
                : [
                    {
                      ...{ topic: packet.topic, qos: packet.qos, retain: packet.retain },
                      packetId: packet.qos === 1 ? packet.packetId : 0,
                      payload: packet.payload.slice(0, LIMIT + 1),
                    },
                  ],
            ),
          );
          expect(rest).toEqual(
            Buffer.concat(packets.flatMap((packet) => ('cmd' in packet ? [encode(packet)] : []))),
          );
        },
      ),
    );
  },
);

test('what is no MQTT is refused instead of filling memory', () => {
  expect(() => sieved(Buffer.of(0x30, 0xff, 0xff, 0xff, 0xff, 1), 4)).toThrow('malformed length');
  expect(() => sieved(Buffer.of(0x30, 6, 0, 200, 1, 2, 3, 4), 4)).toThrow('shorter than its topic');
  expect(() => sieved(Buffer.of(0x30, 7, 0, 1, 97, 0x80, 0x80, 0x80, 0x80), 5)).toThrow(
    'malformed properties',
  );
});

test('bytes made up by chance never do more than be refused', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom(4 as const, 5 as const),
      (bytes, version) => {
        try {
          const { frames } = sieved(Buffer.from(bytes), version);
          for (const { payload } of frames) expect(payload.length).toBeLessThanOrEqual(LIMIT + 1);
        } catch (error) {
          expect(String(error)).toMatch(/^Error: a packet/);
        }
      },
    ),
  );
});
