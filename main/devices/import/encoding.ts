import { createReadStream } from 'node:fs';

export type CsvEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1251';

/**
 * Tells the encoding of a text from all of its bytes: a byte order mark decides; else zero bytes mean UTF-16;
 * else what is valid UTF-8, or nearly so (a damaged file is to be named, not read as other letters), is UTF-8;
 * the rest is Windows-1251, Excel's habit where Russian is written.
 */
export class EncodingDetector {
  #head = Buffer.alloc(0);
  #zeroEven = 0;
  #zeroOdd = 0;
  #position = 0;
  #expected = 0;
  #low = 0x80;
  #high = 0xbf;
  #whole = 0;
  #broken = 0;

  write(chunk: Uint8Array): void {
    if (this.#head.length < 4) this.#head = Buffer.concat([this.#head, chunk.subarray(0, 4)]);
    for (const byte of chunk) {
      if (byte === 0) {
        if (this.#position % 2 === 0) this.#zeroEven += 1;
        else this.#zeroOdd += 1;
      }
      this.#position += 1;
      this.#utf8(byte);
    }
  }

  end(): CsvEncoding {
    const [first, second, third] = this.#head;
    if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
    if (first === 0xff && second === 0xfe) return 'utf-16le';
    if (first === 0xfe && second === 0xff) return 'utf-16be';
    // Delimiters, digits and line ends alone leave a zero in every few characters.
    if (this.#zeroOdd > this.#position / 20 && this.#zeroEven * 10 < this.#zeroOdd) return 'utf-16le';
    if (this.#zeroEven > this.#position / 20 && this.#zeroOdd * 10 < this.#zeroEven) return 'utf-16be';
    const broken = this.#broken + (this.#expected > 0 ? 1 : 0);
    return broken === 0 || this.#whole > broken * 10 ? 'utf-8' : 'windows-1251';
  }

  /** One byte of UTF-8 (RFC 3629 section 4). */
  #utf8(byte: number): void {
    if (this.#expected > 0) {
      if (byte >= this.#low && byte <= this.#high) {
        this.#expected -= 1;
        this.#low = 0x80;
        this.#high = 0xbf;
        if (this.#expected === 0) this.#whole += 1;
        return;
      }
      this.#broken += 1;
      this.#expected = 0;
    }
    this.#low = 0x80;
    this.#high = 0xbf;
    if (byte < 0x80) return;
    if (byte >= 0xc2 && byte <= 0xdf) this.#expected = 1;
    else if (byte >= 0xe0 && byte <= 0xef) {
      this.#expected = 2;
      if (byte === 0xe0) this.#low = 0xa0;
      if (byte === 0xed) this.#high = 0x9f;
    } else if (byte >= 0xf0 && byte <= 0xf4) {
      this.#expected = 3;
      if (byte === 0xf0) this.#low = 0x90;
      if (byte === 0xf4) this.#high = 0x8f;
    } else this.#broken += 1;
  }
}

export async function detectEncoding(file: string, signal: AbortSignal): Promise<CsvEncoding> {
  const detector = new EncodingDetector();
  for await (const chunk of createReadStream(file, { signal })) detector.write(chunk as Buffer);
  return detector.end();
}
