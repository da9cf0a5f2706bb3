import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFrameGuard } from './frame-guard.ts';

/** A PUBLISH frame whose body is `size` bytes (MQTT 3.1.1 section 2.2.3 for its length). */
function publish(size: number): Buffer {
  const length: number[] = [];
  let rest = size;
  do {
    length.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Buffer.from([0x30, ...length]), Buffer.alloc(size, 0xff)]);
}
const ping = Buffer.from([0xc0, 0x00]);
const connect = Buffer.from([0x10, 0x00]);

/** Hands the bytes over in pieces of these sizes. */
function admitted(bytes: Buffer, pieces: number[]): boolean {
  const guard = createFrameGuard(1_000);
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = pieces[i % pieces.length] ?? 1;
    if (!guard.admit(bytes.subarray(at, at + size))) return false;
    at += size;
  }
  return true;
}

test('frames up to the limit pass in any pieces, however they are mixed; one too long never does', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constant(ping), fc.integer({ min: 0, max: 990 }).map(publish)), { minLength: 1 }),
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }),
      (frames, pieces) => {
        const bytes = Buffer.concat([connect, ...frames]);
        expect(admitted(bytes, pieces)).toBe(true);
        expect(admitted(Buffer.concat([bytes, publish(1_001)]), pieces)).toBe(false);
      },
    ),
  );
});

test('a length that never ends is refused', () => {
  expect(createFrameGuard(1_000_000_000).admit(Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80]))).toBe(false);
});

test('the length alone ends it, before the body came', () => {
  expect(createFrameGuard(1_000).admit(Buffer.from([0x10, 0xff, 0xff, 0x7f]))).toBe(false);
});

test('the first frame is a CONNECT of modest length; what follows may be longer', () => {
  expect(createFrameGuard(1_000).admit(ping)).toBe(false);
  const guard = createFrameGuard(1_000, 100);
  expect(guard.admit(Buffer.concat([Buffer.from([0x10, 100]), Buffer.alloc(100), publish(900)]))).toBe(true);
  expect(createFrameGuard(1_000, 100).admit(Buffer.from([0x10, 101]))).toBe(false);
});
