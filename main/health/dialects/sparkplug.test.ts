import { describe, expect, test } from 'vitest';
import { findings, read, sparkplugBytes } from '../../../tests/support/dialect-samples.ts';
import { PAYLOAD_LIMIT_BYTES } from '../../contract/mqtt-payloads.ts';

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
    expect(read('sparkplug', node('NBIRTH'), sparkplugBytes('NDATA'))).toMatchObject({
      ok: false,
      reason: 'no-bdseq',
    });
    expect(read('sparkplug', node('NDEATH'), Buffer.alloc(0))).toMatchObject({
      ok: false,
      reason: 'no-bdseq',
    });
    expect(read('sparkplug', node('NDATA'), Buffer.from('{"a":1}'))).toMatchObject({
      ok: false,
      reason: 'not-sparkplug',
    });
    expect(read('sparkplug', node('NDATA'), Buffer.alloc(PAYLOAD_LIMIT_BYTES + 1))).toMatchObject({
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
    expect(read('sparkplug', node('NBIRTH'), bytes.subarray(0, bytes.length - 1))).toMatchObject({
      ok: false,
      reason: 'not-sparkplug',
    });
  });
});
