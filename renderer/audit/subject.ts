import type { AuditEntry } from '../../main/contract/audit.ts';

/** Names of people that stand in the entries loaded, by their id. */
export function namesIn(entries: readonly AuditEntry[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { personId, personName } of entries) if (personId !== null) names.set(personId, personName);
  return names;
}

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
