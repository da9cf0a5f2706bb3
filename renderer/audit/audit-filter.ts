import { AuditKind, type AuditKind as Kind } from '../../main/contract/audit.ts';
import { cityMoment } from '../time/city-moment.ts';
import type { CityZone } from '../time/city-zone.ts';

/** What the screen asks for. Times are `YYYY-MM-DDTHH:MM` of the city's clock; empty is no bound. */
export interface AuditFilter {
  kind: Kind | '';
  personId: string;
  subject: string;
  from: string;
  to: string;
}

export const noFilter: AuditFilter = { kind: '', personId: '', subject: '', from: '', to: '' };

export interface AuditAsk {
  kind?: Kind;
  personId?: string;
  subject?: string;
  from?: number;
  to?: number;
}

/** The question for the hub; a bound that the city's clock makes twice or never is left open and named. */
export function askOf(
  filter: AuditFilter,
  zone: CityZone,
): { ask: AuditAsk; unclear: readonly ('from' | 'to')[] } {
  const ask: AuditAsk = {};
  const unclear: ('from' | 'to')[] = [];
  if (filter.kind) ask.kind = filter.kind;
  if (filter.personId.trim()) ask.personId = filter.personId.trim();
  if (filter.subject.trim()) ask.subject = filter.subject.trim();
  for (const bound of ['from', 'to'] as const) {
    if (filter[bound] === '') continue;
    const at = cityMoment(filter[bound], zone);
    if (at === undefined) unclear.push(bound);
    // To the end of the minute: who asks up to 18:40 means 18:40:59 as well.
    else ask[bound] = bound === 'to' ? at + 59_999 : at;
  }
  return { ask, unclear };
}

export const isKind = (text: string | null): text is Kind => AuditKind.safeParse(text).success;
