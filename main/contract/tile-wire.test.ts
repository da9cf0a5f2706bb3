import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHeader, fragmentHeader, readTileBytes, TilesRequest } from './tile-wire.ts';

const joined = (header: Uint8Array, payload: Uint8Array): ArrayBuffer => {
  const bytes = new Uint8Array(header.length + payload.length);
  bytes.set(header);
  bytes.set(payload, header.length);
  return bytes.buffer;
};

describe('tile messages', () => {
  it('carry a fragment with its times unchanged', () => {
    fc.assert(
      fc.property(
        fc.record({
          tile: fc.integer({ min: 1, max: 0xffff }),
          number: fc.integer({ min: 1, max: 0xffff_ffff }),
          keyframe: fc.boolean(),
          utcMs: fc.double({ min: 0, max: 9e12, noNaN: true }),
          mediaTimeS: fc.double({ min: 0, max: 1e9, noNaN: true }),
          durationUs: fc.integer({ min: 0, max: 0xffff_ffff }),
          run: fc.integer({ min: 0, max: 0xffff_ffff }),
        }),
        fc.uint8Array({ maxLength: 100 }),
        (header, payload) => {
          const read = readTileBytes(joined(fragmentHeader(header), payload));
          expect(read).toMatchObject({ kind: 'fragment', ...header });
          expect([...(read?.bytes ?? [])]).toEqual([...payload]);
        },
      ),
    );
  });

  it('carry a format with its init segment', () => {
    const format = { codec: 'avc1.64001f', width: 1920, height: 1080 };
    const read = readTileBytes(joined(formatHeader(7, 3, format), Uint8Array.of(1, 2, 3)));
    expect(read).toMatchObject({ kind: 'format', tile: 7, number: 3, format });
    expect([...(read?.bytes ?? [])]).toEqual([1, 2, 3]);
  });

  it('are refused when they are cut short or of no known kind', () => {
    const whole = joined(formatHeader(7, 3, { codec: 'avc1.64001f', width: 1, height: 1 }), new Uint8Array());
    for (let length = 0; length < whole.byteLength; length++)
      expect(readTileBytes(whole.slice(0, length))).toBeUndefined();
    expect(readTileBytes(new Uint8Array(64).buffer)).toBeUndefined();
  });
});

describe('what a console may ask', () => {
  it('is one of four things, each within its limits', () => {
    const accepted = (message: unknown) => TilesRequest.safeParse(message).success;
    expect(accepted({ type: 'open', tile: 1, cameraId: 'cam-1', tracks: ['second', 'main'] })).toBe(true);
    expect(accepted({ type: 'open', tile: 0, cameraId: 'cam-1', tracks: ['main'] })).toBe(false);
    expect(accepted({ type: 'open', tile: 1, cameraId: 'cam-1', tracks: [] })).toBe(false);
    expect(accepted({ type: 'open', tile: 1, cameraId: '../x', tracks: ['main'] })).toBe(false);
    expect(accepted({ type: 'ack', upTo: [[1, 5]] })).toBe(true);
    expect(accepted({ type: 'ack', upTo: Array(1_000).fill([1, 5]) })).toBe(false);
    expect(accepted({ type: 'ping', id: 1, more: true })).toBe(false);
  });
});
