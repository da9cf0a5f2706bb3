import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DeviceKinds } from './device.ts';
import { HealthStatuses } from './health.ts';
import { decodeMapColumns, emptyMapColumns, encodeMapColumns, NO_AZIMUTH } from './map-wire.ts';

const row = fc.record({
  num: fc.integer({ min: 1, max: 0xffffffff }),
  lat: fc.integer({ min: -90_000_000, max: 90_000_000 }),
  lon: fc.integer({ min: -180_000_000, max: 180_000_000 }),
  azimuth: fc.oneof(fc.integer({ min: 0, max: 359 }), fc.constant(NO_AZIMUTH)),
  kind: fc.nat(DeviceKinds.length - 1),
  status: fc.nat(HealthStatuses.length - 1),
});

function columnsOf(rows: readonly { [K in keyof ReturnType<typeof emptyMapColumns>]: number }[]) {
  const columns = emptyMapColumns(rows.length);
  for (const [i, one] of rows.entries()) {
    columns.num[i] = one.num;
    columns.lat[i] = one.lat;
    columns.lon[i] = one.lon;
    columns.azimuth[i] = one.azimuth;
    columns.kind[i] = one.kind;
    columns.status[i] = one.status;
  }
  return columns;
}

test('what is encoded is decoded again, wherever it lies in memory', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 50 }), fc.nat(7), (rows, offset) => {
      const columns = columnsOf(rows);
      const bytes = encodeMapColumns(columns);
      const elsewhere = new Uint8Array(bytes.length + offset);
      elsewhere.set(bytes, offset);
      expect(decodeMapColumns(elsewhere.subarray(offset))).toEqual(columns);
    }),
  );
});

describe('refused', () => {
  const good = encodeMapColumns(columnsOf([{ num: 1, lat: 1, lon: 1, azimuth: 0, kind: 0, status: 0 }]));
  const bent = (at: number, value: number) => {
    const bytes = good.slice();
    bytes[at] = value;
    return bytes;
  };
  test.each([
    ['nothing', new Uint8Array()],
    ['another magic', bent(0, 0)],
    ['another version', bent(4, 99)],
    ['too few bytes', good.subarray(0, good.length - 1)],
    ['too many bytes', new Uint8Array([...good, 0])],
    ['an unknown kind', bent(good.length - 2, DeviceKinds.length)],
    ['an unknown status', bent(good.length - 1, HealthStatuses.length)],
  ])('%s', (_name, bytes) => expect(() => decodeMapColumns(bytes)).toThrow('map answer'));

  test('any bytes at all, with an error and never a crash of another kind', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => decodeMapColumns(bytes)).toThrow('map answer');
      }),
    );
  });
});
