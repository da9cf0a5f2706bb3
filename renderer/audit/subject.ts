import type { AuditEntry } from '../../main/contract/audit.ts';

/** Names of people that stand in the entries loaded, by their id: who did something, and who was added. */
export function namesIn(
  entries: readonly Pick<AuditEntry, 'kind' | 'personId' | 'personName' | 'subject' | 'data'>[],
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { kind, personId, personName, subject, data } of entries) {
    if (personId !== null) names.set(personId, personName);
    if (kind === 'person.added' && typeof data.name === 'string') names.set(subject, data.name);
  }
  return names;
}

/** What nobody asked for over the network, the hub did by itself. */
export const doneByHub = ({ personId, from }: Pick<AuditEntry, 'personId' | 'from'>): boolean =>
  personId === null && from === '';

const READS = ['list', 'verify', 'export'] as const;
export type AuditRead = (typeof READS)[number];

/** What an entry is about, in words where the console has them. */
export function subjectOf(
  entry: Pick<AuditEntry, 'kind' | 'subject'>,
  names: ReadonlyMap<string, string>,
): { read: AuditRead } | { text: string } {
  const read = READS.find((one) => entry.kind === 'audit.read' && one === entry.subject);
  return read ? { read } : { text: names.get(entry.subject) ?? entry.subject };
}
