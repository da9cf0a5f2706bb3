import type { Columns } from './columns.ts';

/** Devices of one stored block. */
export const CHUNK = 1024;
const BYTES = CHUNK * 3 * 8;

export const chunkOf = (num: number): number => Math.floor(num / CHUNK);

/** Session, seq and last contact of 1,024 devices, little-endian float64 columns. */
export function packContacts({ session, seq, lastRxAt }: Columns, chunk: number): Uint8Array {
  const bytes = new Uint8Array(BYTES);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < CHUNK; i++) {
    const num = chunk * CHUNK + i;
    view.setFloat64(i * 8, session[num] ?? Number.NaN, true);
    view.setFloat64((CHUNK + i) * 8, seq[num] ?? Number.NaN, true);
    view.setFloat64((2 * CHUNK + i) * 8, lastRxAt[num] ?? Number.NaN, true);
  }
  return bytes;
}

/**
 * Brings what a block holds back, where it is newer than the device's row: the block is written more seldom, so it
 * may be of an earlier session, which says nothing.
 */
export function unpackContacts(columns: Columns, chunk: number, bytes: Uint8Array): void {
  if (bytes.byteLength !== BYTES) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { session, seq, lastRxAt } = columns;
  for (let i = 0; i < CHUNK; i++) {
    const num = chunk * CHUNK + i;
    if (num >= columns.capacity) return;
    if (view.getFloat64(i * 8, true) !== session[num]) continue;
    seq[num] = larger(seq[num], view.getFloat64((CHUNK + i) * 8, true));
    lastRxAt[num] = larger(lastRxAt[num], view.getFloat64((2 * CHUNK + i) * 8, true));
  }
}

const larger = (a: number | undefined, b: number): number =>
  a === undefined || Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b);
