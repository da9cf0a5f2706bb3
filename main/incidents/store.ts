import { type Kysely, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import {
  IncidentCause,
  type IncidentCursor,
  type IncidentNote,
  IncidentNoteKinds,
  Severity,
} from '../contract/incidents.ts';
import type { Database } from '../storage/tables.ts';
import { severityOf } from './conditions.ts';
import type { IncidentStep, OpenIncident, Root } from './engine-types.ts';

const ROWS_A_STATEMENT = 500;

export interface IncidentRow {
  id: string;
  cause: IncidentCause;
  severity: Severity;
  root: Root;
  reason: string;
  foundAtStart: boolean;
  openedAt: number;
  clearedAt: number | null;
  resolvedAt: number | null;
  taken: { personId: string; name: string; at: number } | null;
  mutedUntil: number | null;
}

export interface NoteInput {
  kind: IncidentNote['kind'];
  at: number;
  person: { id: string; name: string } | null;
  text: string;
}

const NoteKind = z.enum(IncidentNoteKinds);

type Row = Database['incidents'];
type Trx = Transaction<Database>;

const rootOf = (row: Row): Root =>
  row.num !== null
    ? { kind: 'device', num: row.num }
    : row.area !== null
      ? { kind: 'area', area: row.area }
      : row.subject !== null
        ? { kind: 'disk', name: row.subject }
        : { kind: 'hub', part: row.cause === 'history' ? 'history' : 'hearing' };

const toRow = (row: Row): IncidentRow => ({
  id: row.id,
  cause: IncidentCause.parse(row.cause),
  severity: Severity.parse(row.severity),
  root: rootOf(row),
  reason: row.reason,
  foundAtStart: row.found_at_start === 1,
  openedAt: row.opened_at,
  clearedAt: row.cleared_at,
  resolvedAt: row.resolved_at,
  taken:
    row.taken_by !== null && row.taken_at !== null
      ? { personId: row.taken_by, name: row.taken_name ?? '', at: row.taken_at }
      : null,
  mutedUntil: row.muted_until,
});

const byHub = (kind: IncidentNote['kind'], at: number, text = ''): NoteInput => ({
  kind,
  at,
  person: null,
  text,
});

/** What is kept of incidents. Writes take a transaction, so that several steps, or a step and its audit entry, are one. */
export function createIncidentStore(db: Kysely<Database>) {
  async function note(trx: Trx, incidentId: string, { kind, at, person, text }: NoteInput): Promise<void> {
    await trx
      .insertInto('incident_notes')
      .values({
        ...{ incident_id: incidentId, at, kind, text },
        ...{ person_id: person?.id ?? null, person_name: person?.name ?? null },
      })
      .execute();
  }

  async function join(trx: Trx, rows: { incident_id: string; num: number; since: number }[]): Promise<void> {
    for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT) {
      const some = rows.slice(at, at + ROWS_A_STATEMENT);
      // Down again: reports still have to know when it was before.
      const pairs = sql.join(some.map(({ incident_id, num }) => sql`(${incident_id}, ${num})`));
      await sql`insert into incident_earlier (incident_id, num, since, until)
        select incident_id, num, since, until from incident_members
        where (incident_id, num) in (values ${pairs}) and until > since`.execute(trx);
      await trx
        .insertInto('incident_members')
        .values(some.map((row) => ({ ...row, until: null })))
        .onConflict((conflict) =>
          conflict
            .columns(['incident_id', 'num'])
            .doUpdateSet((eb) => ({ since: eb.ref('excluded.since'), until: null })),
        )
        .execute();
    }
  }

  async function open(trx: Trx, incident: OpenIncident): Promise<void> {
    const { root } = incident;
    await trx
      .insertInto('incidents')
      .values({
        id: incident.id,
        cause: incident.cause,
        severity: severityOf(incident.cause, 1),
        num: root.kind === 'device' ? root.num : null,
        area: root.kind === 'area' ? root.area : null,
        subject: root.kind === 'disk' ? root.name : null,
        reason: incident.reason,
        found_at_start: incident.foundAtStart ? 1 : 0,
        opened_at: incident.openedAt,
        cleared_at: null,
        resolved_at: null,
        taken_by: null,
        taken_name: null,
        taken_at: null,
        muted_until: null,
      })
      .execute();
    await note(
      trx,
      incident.id,
      byHub(incident.foundAtStart ? 'found-at-start' : 'opened', incident.openedAt),
    );
  }

  const set = (trx: Trx, id: string, values: Partial<Row>) =>
    trx.updateTable('incidents').set(values).where('id', '=', id).execute();

  async function one(trx: Trx, step: Exclude<IncidentStep, { step: 'join' }>): Promise<void> {
    switch (step.step) {
      case 'open':
        return open(trx, step.incident);
      case 'leave':
        await trx
          .updateTable('incident_members')
          .set({ until: step.at })
          .where('incident_id', '=', step.incidentId)
          .where('num', '=', step.num)
          .execute();
        return;
      case 'commanded': {
        const { kind, personId, personName, sentAt } = step.command;
        const person = { id: personId, name: personName };
        return note(trx, step.incidentId, { kind: 'commanded', at: sentAt, person, text: kind });
      }
      case 'clear':
        await set(trx, step.incidentId, { cleared_at: step.at });
        return note(trx, step.incidentId, byHub('cleared', step.at));
      case 'return':
        await set(trx, step.incidentId, { cleared_at: null });
        return note(trx, step.incidentId, byHub('returned', step.at));
      case 'absorb':
        await set(trx, step.incidentId, { cleared_at: step.at, resolved_at: step.at });
        // They go on in the other one: here they would be down for ever, and reports would blame their parent for it.
        await trx
          .updateTable('incident_members')
          .set({ until: step.at })
          .where('incident_id', '=', step.incidentId)
          .where('until', 'is', null)
          .execute();
        return note(trx, step.incidentId, byHub('absorbed', step.at, step.into));
      case 'close':
        await set(trx, step.incidentId, { resolved_at: step.at });
        return note(trx, step.incidentId, byHub('closed-by-itself', step.at));
    }
  }

  return {
    /** Stores what the engine decided, in its order. */
    async write(steps: readonly IncidentStep[], severities: ReadonlyMap<string, Severity>): Promise<void> {
      await db.transaction().execute(async (trx) => {
        let joining: { incident_id: string; num: number; since: number }[] = [];
        const flush = async () => {
          await join(trx, joining);
          joining = [];
        };
        for (const step of steps) {
          if (step.step === 'join')
            joining.push({ incident_id: step.incidentId, num: step.num, since: step.since });
          else {
            await flush();
            await one(trx, step);
          }
        }
        await flush();
        for (const [id, severity] of severities) await set(trx, id, { severity });
      });
    },
    set,
    note,
    async openIncidents(): Promise<{ open: OpenIncident; row: IncidentRow }[]> {
      const rows = await db.selectFrom('incidents').selectAll().where('resolved_at', 'is', null).execute();
      const members = await db
        .selectFrom('incident_members as m')
        .innerJoin('incidents as i', 'i.id', 'm.incident_id')
        .select(['m.incident_id', 'm.num', 'm.since', 'm.until'])
        .where('i.resolved_at', 'is', null)
        .execute();
      const byIncident = new Map<string, typeof members>();
      for (const member of members) {
        const others = byIncident.get(member.incident_id);
        if (others) others.push(member);
        else byIncident.set(member.incident_id, [member]);
      }
      return rows.map((raw) => {
        const row = toRow(raw);
        const { id, cause, root, reason, foundAtStart, openedAt, clearedAt, taken } = row;
        return {
          row,
          open: {
            ...{ id, cause, root, reason, foundAtStart, openedAt, clearedAt, taken: taken !== null },
            members: new Map(
              (byIncident.get(id) ?? []).map(({ num, since, until }) => [num, { since, until }]),
            ),
          },
        };
      });
    },
    async get(id: string): Promise<IncidentRow | undefined> {
      const row = await db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst();
      return row && toRow(row);
    },
    /** Resolved ones behind `behind`, newest first; of one moment, by id. */
    async resolved(
      behind: IncidentCursor | undefined,
      num: number | undefined,
      limit: number,
    ): Promise<IncidentRow[]> {
      let query = db.selectFrom('incidents').selectAll().where('resolved_at', 'is not', null);
      if (behind)
        query = query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('opened_at', 'id'), '<', tuple(behind.openedAt, behind.id)),
        );
      if (num !== undefined)
        query = query.where('id', 'in', (eb) =>
          eb.selectFrom('incident_members').select('incident_id').where('num', '=', num),
        );
      const rows = await query.orderBy('opened_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(toRow);
    },
    members: (id: string) =>
      db.selectFrom('incident_members').selectAll().where('incident_id', '=', id).orderBy('since').execute(),
    /** How many devices it ever took down, and since when the first of them is; without reading them all. */
    async extent(id: string): Promise<{ devices: number; since: number | null }> {
      const row = await db
        .selectFrom('incident_members')
        .select(({ fn }) => [fn.countAll<number>().as('devices'), fn.min('since').as('since')])
        .where('incident_id', '=', id)
        .executeTakeFirstOrThrow();
      return { devices: row.devices, since: row.since };
    },
    async notes(id: string): Promise<IncidentNote[]> {
      const rows = await db
        .selectFrom('incident_notes')
        .selectAll()
        .where('incident_id', '=', id)
        .orderBy('id')
        .execute();
      return rows.map(({ at, kind, person_id, person_name, text }) => ({
        ...{ at, text, kind: NoteKind.parse(kind) },
        person: person_id === null ? null : { id: person_id, name: person_name ?? '' },
      }));
    },
  };
}

export type IncidentStore = ReturnType<typeof createIncidentStore>;
