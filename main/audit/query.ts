import type { Kysely, Selectable } from 'kysely';
import { AppError } from '../base/errors.ts';
import { AuditEntry, type AuditExportQuery, type AuditPage, type AuditQuery } from '../contract/audit.ts';
import type { Database } from '../storage/tables.ts';

const EXPORT_PAGE = 500;

/** Entries that fit, newest first. The cursor is the number of the last entry on the page before. */
export async function auditPage(db: Kysely<Database>, query: AuditQuery): Promise<AuditPage> {
  const before = query.cursor === undefined ? undefined : Number(query.cursor);
  if (before !== undefined && !(Number.isSafeInteger(before) && before > 0))
    throw new AppError('bad-cursor', 400, 'This page does not exist. Start from the first one.');
  let rows = fitting(db, query).selectAll().orderBy('seq', 'desc');
  if (before !== undefined) rows = rows.where('seq', '<', before);
  const found = await rows.limit(query.limit + 1).execute();
  const { total } = await fitting(db, query)
    .select((e) => e.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const items = found.slice(0, query.limit).map(toEntry);
  const last = items.at(-1);
  return {
    items,
    total,
    ...(found.length > query.limit && last ? { nextCursor: String(last.seq) } : {}),
  };
}

/** Entries that fit, oldest first; those added after the start are left out. */
export async function* auditEntries(
  db: Kysely<Database>,
  query: AuditExportQuery,
): AsyncGenerator<AuditEntry> {
  const newest = await db
    .selectFrom('audit_entries')
    .select((e) => e.fn.max('seq').as('last'))
    .executeTakeFirst();
  let after = 0;
  for (;;) {
    const rows = await fitting(db, query)
      .selectAll()
      .where('seq', '>', after)
      .where('seq', '<=', newest?.last ?? 0)
      .orderBy('seq')
      .limit(EXPORT_PAGE)
      .execute();
    for (const row of rows) yield toEntry(row);
    const end = rows.at(-1);
    if (!end || rows.length < EXPORT_PAGE) return;
    after = end.seq;
  }
}

function fitting(db: Kysely<Database>, { kind, personId, subject, from, to }: AuditExportQuery) {
  let rows = db.selectFrom('audit_entries');
  if (kind !== undefined) rows = rows.where('kind', '=', kind);
  if (personId !== undefined) rows = rows.where('person_id', '=', personId);
  if (subject !== undefined) rows = rows.where('subject', '=', subject);
  if (from !== undefined) rows = rows.where('at', '>=', from);
  if (to !== undefined) rows = rows.where('at', '<', to);
  return rows;
}

const toEntry = (row: Selectable<Database['audit_entries']>): AuditEntry =>
  AuditEntry.parse({
    seq: row.seq,
    at: row.at,
    kind: row.kind,
    personId: row.person_id,
    personName: row.person_name,
    from: row.origin,
    subject: row.subject,
    data: JSON.parse(row.data),
    hash: row.hash,
  });
