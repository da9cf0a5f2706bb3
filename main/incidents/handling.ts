import type { Kysely } from 'kysely';
import type { AuditLog } from '../audit/types.ts';
import { AppError } from '../base/errors.ts';
import type { Database } from '../storage/tables.ts';
import type { IncidentRow, IncidentStore } from './store.ts';

/** Somebody who does something about an incident. */
export interface Handler {
  personId: string;
  name: string;
  from: string;
}

export type Handling =
  | { action: 'take' | 'release' | 'unmute' }
  | { action: 'comment'; text: string }
  | { action: 'mute'; until: number; text?: string | undefined }
  | { action: 'resolve'; text?: string | undefined };

export type IncidentChange = Partial<Pick<IncidentRow, 'taken' | 'mutedUntil' | 'resolvedAt'>>;

const NOTE_OF = {
  take: 'taken',
  release: 'released',
  comment: 'comment',
  mute: 'muted',
  unmute: 'unmuted',
  resolve: 'resolved',
} as const;

/** What the handling changes. @throws AppError `incident-active`, `incident-taken` */
export function changeOf(
  row: IncidentRow,
  { personId, name }: Handler,
  handling: Handling,
  now: number,
): IncidentChange {
  switch (handling.action) {
    case 'take':
      if (row.taken && row.taken.personId !== personId)
        throw new AppError(
          'incident-taken',
          409,
          `${row.taken.name} has it. Ask for it to be released first.`,
          { name: row.taken.name },
        );
      return { taken: { personId, name, at: now } };
    case 'release':
      return { taken: null };
    case 'mute':
      return { mutedUntil: handling.until };
    case 'unmute':
      return { mutedUntil: null };
    case 'resolve':
      if (row.clearedAt === null)
        throw new AppError(
          'incident-active',
          409,
          'Its cause lasts. Mute the incident if it is in the way; it can be resolved when the cause is over.',
        );
      return { resolvedAt: now };
    case 'comment':
      return {};
  }
}

/** Stores a change, its place in the incident's history, and its entry in the log, all or none. */
export async function keepHandling(
  { db, store, audit }: { db: Kysely<Database>; store: IncidentStore; audit: AuditLog },
  { id, cause }: IncidentRow,
  { personId, name, from }: Handler,
  handling: Handling,
  { taken, mutedUntil, resolvedAt }: IncidentChange,
  now: number,
): Promise<void> {
  const person = { id: personId, name };
  const text = ('text' in handling ? handling.text : undefined) ?? '';
  await db.transaction().execute(async (trx) => {
    if (taken !== undefined)
      await store.set(trx, id, {
        taken_by: taken?.personId ?? null,
        taken_name: taken?.name ?? null,
        taken_at: taken?.at ?? null,
      });
    if (mutedUntil !== undefined) await store.set(trx, id, { muted_until: mutedUntil });
    if (resolvedAt !== undefined) await store.set(trx, id, { resolved_at: resolvedAt });
    await store.note(trx, id, { kind: NOTE_OF[handling.action], at: now, person, text });
    await audit.append(trx, {
      ...{ kind: 'incident.handled', person, from, subject: id },
      data: { ...handling, cause },
    });
  });
}
