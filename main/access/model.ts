import type { Kysely } from 'kysely';
import type { AuditEvent, AuditLog } from '../audit/types.ts';
import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/logging.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { DeviceRegistry } from '../devices/types.ts';
import type { Database } from '../storage/tables.ts';
import { type GrantBook, rightsOf } from './grant-book.ts';
import type { People, PersonRecord } from './people.ts';
import type { Rights } from './rights.ts';
import type { RoleBook } from './role-book.ts';
import type { Geography } from './scope.ts';
import type { Session, Sessions } from './sessions.ts';
import type { Viewer } from './types.ts';

/** Who the hub itself is in grants that it made. */
export const HUB_ID = 'hub';

/** What the services of this room share. Memory follows the database: it is changed right after each commit. */
export interface AccessModel {
  db: Kysely<Database>;
  clock: Clock;
  bus: EventBus<HubEvents>;
  log: Logger;
  audit: AuditLog;
  devices: DeviceRegistry;
  geography: Geography;
  people: People;
  roles: RoleBook;
  grants: GrantBook;
  rights: Rights;
  sessions: Sessions;
  /** Runs changes of rights one after the other, so that each is judged by what the last one left. */
  inTurn<T>(change: () => Promise<T>): Promise<T>;
  /** May this account be used at all: not locked, and a demonstration account only in an open demonstration. */
  usable(person: PersonRecord): boolean;
  /** Told after every change of people or rights, and when time alone changed them. */
  onChange: (() => void)[];
}

/** Takes over what was committed for these people and tells everybody. */
export function rightsChanged(model: AccessModel, personIds: readonly string[]): void {
  for (const personId of personIds) applyGrants(model, personId);
  model.bus.emit('rights.changed', { personIds });
  for (const listener of model.onChange) listener();
}

export function applyGrants({ rights, grants, roles }: AccessModel, personId: string): void {
  rights.set(
    personId,
    grants.of(personId).flatMap((grant) => rightsOf(grant, roles.get(grant.roleId)) ?? []),
  );
}

export type EndReason = HubEvents['session.ended']['reason'];

/**
 * Ends sessions: in memory at once, then in the table, on record. Whoever streams under them is told.
 * `by` is who ended somebody else's.
 */
export async function endSessions(
  model: AccessModel,
  ending: readonly Session[],
  reason: EndReason,
  by?: Viewer,
): Promise<void> {
  const open = ending.filter((session) => model.sessions.get(session.id) === session);
  if (open.length === 0) return;
  for (const session of open) {
    model.sessions.drop(session);
    model.bus.emit('session.ended', { sessionId: session.id, personId: session.personId, reason });
  }
  await model.db.transaction().execute(async (trx) => {
    await model.sessions.remove(
      trx,
      open.map(({ id }) => id),
    );
    for (const session of open)
      await model.audit.append(trx, {
        kind: reason === 'signed-out' && !by ? 'session.sign-out' : 'session.ended',
        person: personOf(model.people.get(session.personId)),
        from: by?.from ?? session.from,
        subject: session.personId,
        data: { reason, ...(by ? { by: by.personId } : {}) },
      });
  });
}

const personOf = (person: PersonRecord | undefined): AuditEvent['person'] =>
  person ? { id: person.id, name: person.name } : null;

export const actorOf = (viewer: Viewer): { id: string; name: string } => ({
  id: viewer.personId,
  name: viewer.name,
});
