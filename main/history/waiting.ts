import { createSampleWriter, type Sample } from './samples.ts';

const PIECE_BYTES = 16 * 1024;

/**
 * Samples of one partition that wait to be packed, in pieces of about one size: buffers that double as they grow would
 * be half empty, and what they leave behind too large and too small for the next.
 */
export interface Waiting {
  add(sample: Sample): void;
  bytes(): number;
  /** What waits: good until the next `add`. */
  pieces(): readonly Uint8Array[];
  /** Hands over what waits and begins anew. */
  take(): readonly Uint8Array[];
}

export function createWaiting(): Waiting {
  let full: Uint8Array[] = [];
  let fullBytes = 0;
  const writer = createSampleWriter();
  return {
    add(sample) {
      writer.add(sample);
      if (writer.bytes() < PIECE_BYTES) return;
      fullBytes += writer.bytes();
      full.push(writer.take());
    },
    bytes: () => fullBytes + writer.bytes(),
    pieces: () => [...full, writer.view()],
    take() {
      const taken = [...full, writer.take()];
      full = [];
      fullBytes = 0;
      return taken;
    },
  };
}
