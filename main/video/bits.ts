import { MalformedMp4 } from '../recording/mp4-boxes.ts';

/** Reads a parameter set bit by bit (ITU-T H.264 and H.265 section 9.2). */
export interface BitReader {
  u(count: number): number;
  ue(): number;
  se(): number;
}

/** @throws MalformedMp4 when it is read beyond its end */
export function bitReader(bytes: Buffer): BitReader {
  let at = 0;
  const bit = (): number => {
    const byte = bytes[at >> 3];
    if (byte === undefined) throw new MalformedMp4('a parameter set ends early');
    const value = (byte >> (7 - (at & 7))) & 1;
    at += 1;
    return value;
  };
  const u = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + bit();
    return value;
  };
  const ue = (): number => {
    let zeros = 0;
    while (bit() === 0) if (++zeros > 31) throw new MalformedMp4('a parameter set makes no sense');
    return 2 ** zeros - 1 + u(zeros);
  };
  return {
    u,
    ue,
    se() {
      const code = ue();
      return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
    },
  };
}

/** Takes out the bytes that keep a NAL unit from looking like a start code (section 7.4.1 of both). */
export function withoutEmulation(nal: Buffer): Buffer {
  const out: number[] = [];
  let zeros = 0;
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    out.push(byte);
  }
  return Buffer.from(out);
}
