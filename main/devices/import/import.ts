import { AppError } from '../../base/errors.ts';
import { createBreath } from '../breath.ts';
import { insertChunk, type PackedChunk, updateChunk } from '../bulk.ts';
import type { ImportOptions, ImportOutcome } from '../types.ts';
import { detectEncoding } from './encoding.ts';
import { cancelled, inspectDelimiter } from './read-csv.ts';
import type { ImportRegistry } from './registry.ts';
import { readRows } from './rows-of-file.ts';

/** The share of progress that reading and checking takes; the rest is writing. */
const READING = 0.8;
const ATTEMPTS = 3;

/**
 * Reads a CSV file of devices into the registry. Everything is checked first; only a file without any problem
 * is written, in one transaction. When somebody else changed the registry in between, it is checked again.
 * @throws AppError `cancelled`, `import-conflict`
 */
export async function importCsv(
  registry: ImportRegistry,
  file: string,
  options: ImportOptions,
): Promise<ImportOutcome> {
  const { signal } = options;
  const encoding = await detectEncoding(file, signal).catch((error: unknown) => {
    throw signal.aborted ? cancelled() : error;
  });
  const { delimiter, hasSepLine } = await inspectDelimiter(file, encoding);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const edits = registry.edits();
    const { problems, rows, added, changed, ids, ignored } = await readRows(
      registry,
      file,
      { encoding, delimiter, hasSepLine },
      { ...options, progress: (share) => options.progress(share * READING) },
    );
    const result = {
      rows,
      added: 0,
      changed: 0,
      encoding,
      delimiter,
      errorCount: problems.count,
      errors: problems.first(),
      ignoredColumns: ignored,
    };
    if (problems.count > 0) return { result, refused: badRows(problems.count) };
    if (rows === 0)
      return {
        result,
        refused: new AppError('import-empty', 400, 'The file holds no rows below its header.'),
      };
    const counts = { added: added.count, changed: changed.count };
    const chunks = { added: added.close(), changed: changed.close() };
    const written = await write(registry, chunks, counts, edits, options).catch((error: unknown) => {
      throw worded(error);
    });
    if (written) {
      await registry.committed(ids);
      return { result: { ...result, ...counts }, refused: null };
    }
  }
  throw new AppError(
    'import-conflict',
    409,
    'The registry was changed again and again while the file was read. Nothing was imported; try again.',
  );
}

const badRows = (count: number) =>
  new AppError(
    'import-rows-bad',
    400,
    `Problems in the file: ${count}. Nothing was imported: correct them and import the file again.`,
    { count },
  );

/** What the database says of a full disk, as a sentence; anything else as it is. */
function worded(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'SQLITE_FULL') return error;
  return new AppError(
    'disk-full',
    507,
    "The hub's disk is full. Nothing was imported: make room and import the file again.",
    {},
    { cause: error },
  );
}

/** False when the registry changed since the rows were checked; nothing is written then. */
async function write(
  registry: ImportRegistry,
  { added, changed }: Record<'added' | 'changed', readonly PackedChunk[]>,
  counts: { added: number; changed: number },
  edits: number,
  { rights, signal, progress, record }: ImportOptions,
): Promise<boolean> {
  const breath = createBreath();
  return registry.db.transaction().execute(async (trx) => {
    if (registry.edits() !== edits) return false;
    if (!rights.stillAllowed())
      throw new AppError(
        'no-right',
        403,
        'Your rights ended while the file was read. Nothing was imported.',
        {
          action: 'device.edit',
          reason: 'no-grant',
        },
      );
    registry.began();
    const steps = added.length + changed.length;
    let step = 0;
    for (const [chunks, store] of [
      [added, insertChunk],
      [changed, updateChunk],
    ] as const)
      for (const chunk of chunks) {
        if (signal.aborted) throw cancelled();
        await store(trx, chunk);
        step += 1;
        progress(READING + (1 - READING) * (step / steps));
        await breath();
      }
    await record(trx, counts);
    if (signal.aborted) throw cancelled();
    return true;
  });
}
