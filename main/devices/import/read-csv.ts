import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { CsvError, Parser } from 'csv-parse';
import iconv from 'iconv-lite';
import { z } from 'zod';
import { AppError } from '../../base/errors.ts';
import type { CsvEncoding } from './encoding.ts';

export interface CsvRecord {
  /** Line on which the record begins, from 1, as an editor counts. */
  line: number;
  cells: string[];
}

export const Delimiters = [';', ',', '\t'] as const;
export type Delimiter = (typeof Delimiters)[number];

const LARGEST_RECORD = 64 * 1024;
const Parsed = z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) });

/** A line that cannot be read as CSV; what follows it cannot either. */
export class UnreadableLine extends Error {
  readonly line: number;
  readonly code: 'quote-not-closed' | 'record-too-long' | 'unreadable';
  constructor(line: number, code: UnreadableLine['code'], message: string) {
    super(message);
    this.line = line;
    this.code = code;
  }
}

/** The first lines of a file as text, for a look at its header. */
async function beginning(file: string, encoding: CsvEncoding): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(file, { end: LARGEST_RECORD - 1 })) chunks.push(chunk as Buffer);
  return iconv.decode(Buffer.concat(chunks), encoding);
}

/**
 * How the cells are parted: by what an Excel `sep=` line says, else by what stands most often, outside
 * quotes, in the first line that is not empty.
 */
export function detectDelimiter(text: string): { delimiter: Delimiter; hasSepLine: boolean } {
  const sep = /^sep=([;,\t])\r?\n/i.exec(text)?.[1];
  const told = Delimiters.find((one) => one === sep);
  if (told) return { delimiter: told, hasSepLine: true };
  const counts = { ';': 0, ',': 0, '\t': 0 };
  let quoted = false;
  for (const character of text.trimStart()) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) break;
    else if (!quoted && (character === ';' || character === ',' || character === '\t'))
      counts[character] += 1;
  }
  const best = Delimiters.reduce((a, b) => (counts[b] > counts[a] ? b : a));
  return { delimiter: best, hasSepLine: false };
}

export async function inspectDelimiter(file: string, encoding: CsvEncoding) {
  return detectDelimiter(await beginning(file, encoding));
}

/** csv-parse, fed by hand: what was read before a broken row is there still when the row is told of. */
class RecordParser extends Parser {
  records: CsvRecord[] = [];
  #lines = 0;

  get nextLine(): number {
    return this.#lines + 1;
  }

  override push(item: unknown): boolean {
    if (item === null) return true;
    const { record, info } = Parsed.parse(item);
    if (record.some((cell) => cell.trim() !== '')) this.records.push({ line: this.nextLine, cells: record });
    this.#lines = info.lines;
    return true;
  }

  /** Null ends the text. Resolves to what is wrong with it, if anything is. */
  feed(text: string | null): Promise<Error | undefined> {
    return new Promise((resolve) => {
      this.once('error', resolve);
      const done = (error?: Error | null) => {
        if (error) return;
        this.off('error', resolve);
        resolve(undefined);
      };
      if (text === null) this.end(done);
      else this.write(text, done);
    });
  }

  takeRecords(): CsvRecord[] {
    const taken = this.records;
    this.records = [];
    return taken;
  }
}

/**
 * The records of a file, one by one; empty ones are left out but counted as lines.
 * @throws UnreadableLine, and AppError `cancelled` by way of the signal
 */
export async function* readCsv(
  file: string,
  { encoding, delimiter, signal }: { encoding: CsvEncoding; delimiter: Delimiter; signal: AbortSignal },
  onBytes: (share: number) => void,
): AsyncGenerator<CsvRecord> {
  const { size } = await stat(file);
  const parser = new RecordParser({
    delimiter,
    info: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: LARGEST_RECORD,
  });
  const decoder = iconv.getDecoder(encoding);
  let read = 0;
  try {
    for await (const chunk of createReadStream(file, { signal })) {
      read += (chunk as Buffer).length;
      const failed = await parser.feed(decoder.write(chunk as Buffer));
      yield* parser.takeRecords();
      if (failed) throw unreadable(failed, parser.nextLine);
      onBytes(read / size);
    }
    const rest = decoder.end();
    const failed = (rest && (await parser.feed(rest))) || (await parser.feed(null));
    yield* parser.takeRecords();
    if (failed) throw unreadable(failed, parser.nextLine);
  } catch (error) {
    throw signal.aborted ? cancelled() : error;
  } finally {
    parser.destroy();
  }
}

function unreadable(error: Error, line: number): Error {
  if (!(error instanceof CsvError)) return error;
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return new UnreadableLine(line, 'quote-not-closed', 'A quotation mark opened here is never closed.');
  if (error.code === 'CSV_MAX_RECORD_SIZE')
    return new UnreadableLine(
      line,
      'record-too-long',
      'The row is longer than 64 KiB; is a quotation mark not closed?',
    );
  return new UnreadableLine(line, 'unreadable', `The row cannot be read as CSV: ${error.message}.`);
}

export const cancelled = () =>
  new AppError('cancelled', 409, 'The import was cancelled. Nothing was changed.');
