import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LOOKED_AT_BYTES, SHOWN_CHARS, sampleOf } from './sample.ts';

const of = (text: string) =>
  sampleOf(Buffer.from(text).subarray(0, LOOKED_AT_BYTES), Buffer.byteLength(text));

describe('what may not be shown', () => {
  test.each([
    ['{"user":"admin","password":"hunter2 is mine","v":1}', '{"user":"admin","password":***,"v":1}'],
    ['{"wifiPassword" : "a\\"b","v":1}', '{"wifiPassword" : ***,"v":1}'],
    ['{"password":"never closed', '{"password":***'],
    ['{"log":"{\\"psk\\":\\"inner\\",\\"v\\":1}"}', '{"log":"{\\"psk\\":***,\\"v\\":1}"}'],
    ['{"credentials":{"a":"x","b":["y"]},"v":1}', '{"credentials":***'],
    ['{"encryption":{"proto":"psk2","key":"OpenWifi"}}', '{"encryption":{"proto":"psk2","key":***}}'],
    ["option key 'OpenWifi'\noption ssid 'City'", "option key ***\noption ssid 'City'"],
    ['user=a&pwd=b&channel=6', 'user=a&pwd=***&channel=6'],
    ['<Password>secret</Password><Port>80</Port>', '<Password>***</Password><Port>80</Port>'],
    ['"rtsp://admin:pw1@10.0.0.5:554/live"', '"rtsp://***@10.0.0.5:554/live"'],
    ['GET / Authorization: Basic YWRtaW46cHc=', 'GET / Authorization: *** ***'],
    ['{"h":"Bearer abcd.efgh"}', '{"h":"Bearer ***"}'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nAAAA', '***'],
    [`{"compress_64":"${'eJyrVkpUslIq'.repeat(5)}"}`, '{"compress_64":"***(60)"}'],
    ['{"access_token":"abc","token":7,"v":1}', '{"access_token":***,"token":***,"v":1}'],
    ['{"mac":"AA:BB:CC:11:22:33"}', '{"mac":"aa:bb:cc:xx:xx:xx"}'],
  ])('%s', (text, shown) => {
    expect(of(text).text).toBe(shown);
  });

  test('what opens nothing stays', () => {
    const text = '{"Source":{"VideoSourceToken":"1"},"passed":true,"compass":12,"Key":{"ObjectId":"15"}}';
    expect(of(text).text).toBe(text);
  });

  test('neither half a MAC at the cut, nor one within bytes that are no text', () => {
    const text = `${'x y '.repeat(380)}"clients":"AA:BB:CC:11:22:33"`;
    for (let cut = 1_520; cut <= text.length; cut++)
      expect(sampleOf(Buffer.from(text.slice(0, cut)), 9_999).text).not.toMatch(/11|22|33/);
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('AA:BB:CC:11:22:33 pwd=x')]);
    const { form, text: hex } = sampleOf(bytes, bytes.length);
    expect(form).toBe('hex');
    expect(Buffer.from(hex, 'hex').toString('latin1')).toBe('\xff\xfeaa:bb:cc:xx:xx:xx pwd=***');
  });

  test('a random secret of a device, wherever it stands and whatever stands around it', () => {
    const secret = fc.base64String({ minLength: 44, maxLength: 88 });
    const around = fc.string({ maxLength: 40 });
    fc.assert(
      fc.property(secret, around, around, (inside, before, after) => {
        expect(of(`${before}${inside}${after}`).text).not.toContain(inside);
      }),
    );
  });
});

test('characters that are not seen are shown by number, half characters at the cut do no harm', () => {
  expect(of('a\u202eb\u0000c\n').text).toBe('a\\u{202e}b\\u{0}c\n');
  const long = 'ж'.repeat(2_000);
  const head = Buffer.from(long).subarray(0, LOOKED_AT_BYTES - 1);
  expect(sampleOf(head, 4_000)).toMatchObject({ form: 'text', cut: true, bytes: 4_000 });
});

test('whatever the bytes, a sample is short, well formed and made at once', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: LOOKED_AT_BYTES }), fc.nat({ max: 70_000 }), (head, more) => {
      const { text } = sampleOf(head, head.length + more);
      expect(text.length).toBeLessThanOrEqual(SHOWN_CHARS);
      expect(text.isWellFormed()).toBe(true);
    }),
    { numRuns: 500 },
  );
});
