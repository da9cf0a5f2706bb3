import { expect, test } from 'vitest';
import { brokerSentence } from './broker-errors.ts';
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
  [{ code: 'ECONNREFUSED' }, /Nothing answers/],
  [{ code: 'ENOTFOUND' }, /cannot be resolved/],
  [{ code: 5 }, /user or password/],
  [{ code: 0x86 }, /user or password/],
  [{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, /certificate/],
  [{ code: 'ETIMEDOUT' }, /cannot be reached/],
])('%o becomes a sentence that says what to do', (fields, sentence) => {
  expect(brokerSentence('broker:1883', Object.assign(new Error('raw'), fields))).toMatch(sentence);
});

test('a secret is 256 bits and only its HMAC is compared', () => {
  const key = Buffer.alloc(32, 7);
  const secret = newDeviceSecret();
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  expect(sameHmac(hmacOfSecret(key, secret), hmacOfSecret(key, Buffer.from(secret)))).toBe(true);
  expect(sameHmac(hmacOfSecret(key, secret), hmacOfSecret(key, `${secret}x`))).toBe(false);
  expect(sameHmac(hmacOfSecret(key, secret), Buffer.alloc(3))).toBe(false);
});
