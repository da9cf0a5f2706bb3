import { expect, test } from 'vitest';
import { brokerTrouble, TopicRefused } from './broker-errors.ts';
import { hmacOfSecret, newDeviceSecret, sameHmac } from './credentials.ts';
import { type EmbeddedBrokerSettings, parseBrokerAddress, refuseOpenBroker } from './settings.ts';

const settings = (more: Partial<EmbeddedBrokerSettings>): EmbeddedBrokerSettings => ({
  kind: 'embedded',
  host: '127.0.0.1',
  port: 0,
  anonymousLocal: true,
  credentials: { verify: () => false, onEnded: () => () => {} },
  connectionLimit: 10,
  ...more,
});

test('a broker beyond this machine needs TLS and credentials', () => {
  for (const host of ['127.0.0.1', '127.8.8.8', 'localhost', '::1'])
    expect(() => refuseOpenBroker(settings({ host }))).not.toThrow();
  const tls = { cert: '', key: '' };
  for (const open of [{ anonymousLocal: false }, { tls }, {}])
    expect(() => refuseOpenBroker(settings({ host: '0.0.0.0', ...open }))).toThrow(
      expect.objectContaining({ code: 'mqtt-needs-tls' }),
    );
  expect(() => refuseOpenBroker(settings({ host: '0.0.0.0', tls, anonymousLocal: false }))).not.toThrow();
});

test.each(['broker', 'http://broker', 'mqtt://', 'mqtt://user:secret@broker', ''])(
  '%s is refused as a broker address, without repeating it',
  (address) => {
    expect(() => parseBrokerAddress(address)).toThrow(
      expect.objectContaining({ code: 'mqtt-bad-address', message: expect.not.stringContaining('secret') }),
    );
  },
);

test.each([
  [{ code: 'ECONNREFUSED' }, 'broker-nobody', /Nothing answers/],
  [{ code: 'ENOTFOUND' }, 'broker-name', /cannot be resolved/],
  [{ code: 5 }, 'broker-password', /user or password/],
  [{ code: 0x86 }, 'broker-password', /user or password/],
  [{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'broker-its-certificate', /certificate/],
  [{ code: 'ETIMEDOUT' }, 'broker-network', /cannot be reached/],
  [{ code: 'EPROTO' }, 'broker-other', /raw/],
] as const)('%o becomes a code that every language words, and a sentence', (fields, code, sentence) => {
  const trouble = brokerTrouble('broker:1883', Object.assign(new Error('raw'), fields));
  expect(trouble).toMatchObject({ code, params: { host: 'broker:1883' } });
  expect(trouble.text).toMatch(sentence);
});

test('a topic that is kept from the hub is named', () => {
  expect(brokerTrouble('broker:1883', new TopicRefused('city/+/state'))).toMatchObject({
    ...{ code: 'broker-topic', params: { host: 'broker:1883', topic: 'city/+/state' } },
  });
});

test('a secret is 256 bits and only its HMAC is compared', () => {
  const key = Buffer.alloc(32, 7);
  const secret = newDeviceSecret();
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  expect(sameHmac(hmacOfSecret(key, secret), hmacOfSecret(key, Buffer.from(secret)))).toBe(true);
  expect(sameHmac(hmacOfSecret(key, secret), hmacOfSecret(key, `${secret}x`))).toBe(false);
  expect(sameHmac(hmacOfSecret(key, secret), Buffer.alloc(3))).toBe(false);
});
