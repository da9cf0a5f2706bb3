import { createBreath } from '../breath.ts';
import { ChunkList } from '../bulk.ts';
import { groupsOf } from '../load.ts';
import { chainFrom, parentProblem, parentSentence } from '../parents.ts';
import type { DeviceRow } from '../rows.ts';
import type { ImportOptions } from '../types.ts';
import {
  type CellProblem,
  createDistrictFinder,
  createGroupFinder,
  type RowValues,
  readCells,
} from './cells.ts';
import { checkRow } from './check-row.ts';
import type { CsvEncoding } from './encoding.ts';
import { type Header, readHeader } from './header.ts';
import { Problems } from './problems.ts';
import { type CsvRecord, cancelled, type Delimiter, readCsv, UnreadableLine } from './read-csv.ts';
import type { ImportRegistry } from './registry.ts';

/** More rows than any city has devices; keeps a file of very short rows from filling the memory. */
const MOST_ROWS = 300_000;
const BATCH = 250;

export interface FileRows {
  problems: Problems;
  rows: number;
  added: ChunkList;
  changed: ChunkList;
  ids: string[];
  ignored: string[];
}

interface Pending {
  line: number;
  values: RowValues & { id: string };
}

/** Reads and checks every row of a file. Writes nothing. */
export async function readRows(
  registry: ImportRegistry,
  file: string,
  { encoding, delimiter, hasSepLine }: { encoding: CsvEncoding; delimiter: Delimiter; hasSepLine: boolean },
  { rights, signal, progress }: Pick<ImportOptions, 'rights' | 'signal' | 'progress'>,
): Promise<FileRows> {
  const problems = new Problems();
  const added = new ChunkList();
  const changed = new ChunkList();
  const reader = {
    district: createDistrictFinder(registry.areas().values()),
    group: createGroupFinder(registry.groups()),
  };
  const checks = { rights, streams: registry.streams, areas: registry.areas(), now: registry.clock.now() };
  const lineOf = new Map<string, number>();
  const parents: { line: number; id: string; parentId: string }[] = [];
  const kinds = new Map<string, { kind: 'switch'; parentId: string | null }>();
  const breath = createBreath();
  let header: Header | null = null;
  let rows = 0;
  let batch: Pending[] = [];

  const refuse = (line: number, id: string, found: readonly CellProblem[], titles: Header): void => {
    for (const { field, code, message } of found) problems.add(line, titles.titleOf(field), code, message);
    // Whoever names it as parent is not to blame: its own row is.
    kinds.set(id, { kind: 'switch', parentId: null });
  };

  const flush = async (titles: Header): Promise<void> => {
    const before = await existing(registry, batch);
    for (const { line, values } of batch) {
      const was = before.get(values.id);
      const outcome = checkRow(values, was, checks);
      if ('problems' in outcome) refuse(line, values.id, outcome.problems, titles);
      else {
        const { row, groupIds } = outcome.checked;
        const parentId = row.parent_id ?? null;
        if (row.kind === 'switch') kinds.set(row.id, { kind: 'switch', parentId });
        if (parentId !== null) parents.push({ line, id: row.id, parentId });
        (was ? changed : added).add(row, groupIds);
      }
      await breath();
    }
    batch = [];
  };

  const take = ({ line, cells }: CsvRecord, titles: Header): void => {
    rows += 1;
    if (cells.length > titles.fields.length && cells.slice(titles.fields.length).some((cell) => cell !== ''))
      problems.add(line, undefined, 'too-many-cells', 'The row has more cells than the header has columns.');
    const { values, problems: found } = readCells(titles.fields, cells, reader);
    const id = values.id ?? '';
    const earlier = lineOf.get(id);
    if (earlier !== undefined && id !== '')
      found.push({
        field: 'id',
        code: 'duplicate',
        message: `The id ${id.slice(0, 64)} stands on line ${earlier} already.`,
      });
    else lineOf.set(id, line);
    if (found.length === 0) batch.push({ line, values: { ...values, id } });
    else refuse(line, id, found, titles);
  };

  try {
    for await (const record of readCsv(file, { encoding, delimiter, signal }, progress)) {
      if (signal.aborted) throw cancelled();
      if (hasSepLine && record.line === 1) continue;
      if (!header) {
        header = readHeader(record.cells, record.line);
        for (const { line, column, code, message } of header.problems)
          problems.add(line, column, code, message);
        if (header.problems.length > 0) break;
        continue;
      }
      if (rows === MOST_ROWS) {
        problems.add(record.line, undefined, 'too-many-rows', `A file may have ${MOST_ROWS} rows; split it.`);
        break;
      }
      take(record, header);
      if (batch.length === BATCH) await flush(header);
    }
  } catch (error) {
    if (!(error instanceof UnreadableLine)) throw error;
    problems.add(error.line, undefined, error.code, error.message);
  }
  if (header) await flush(header);
  for (const { line, id, parentId } of parents) {
    const chain = chainFrom(parentId, (one) => kinds.get(one) ?? registry.find(one) ?? newcomer(one, lineOf));
    const problem = parentProblem(id, chain);
    if (problem) problems.add(line, header?.titleOf('parent'), problem, parentSentence(problem));
    await breath();
  }
  return { problems, rows, added, changed, ids: [...lineOf.keys()], ignored: header?.ignored ?? [] };
}

/** A device of the file that is no switch. */
function newcomer(id: string, lineOf: ReadonlyMap<string, number>) {
  return lineOf.has(id) ? ({ kind: 'camera', parentId: null } as const) : undefined;
}

async function existing(
  registry: ImportRegistry,
  batch: readonly Pending[],
): Promise<Map<string, { row: DeviceRow; groupIds: string[] }>> {
  if (batch.length === 0) return new Map();
  const found = await registry.db
    .selectFrom('device')
    .selectAll()
    .where(
      'id',
      'in',
      batch.map(({ values }) => values.id),
    )
    .execute();
  const members = await groupsOf(
    registry.db,
    found.map((row) => row.num),
  );
  return new Map(found.map((row) => [row.id, { row, groupIds: members.get(row.num) ?? [] }]));
}
