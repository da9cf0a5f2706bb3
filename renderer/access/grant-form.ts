import { GrantInput, type Scope, type WeeklyHours } from '../../main/contract/access.ts';
import { cityDay, cityMoment } from '../time/city-moment.ts';
import type { CityZone } from '../time/city-zone.ts';

/** Days that share hours, as the form shows them. Times are `HH:MM`; `to` may be earlier than `from`: past midnight. */
export interface HoursRow {
  days: readonly number[];
  from: string;
  to: string;
}

export interface GrantForm {
  roleId: string;
  effect: 'allow' | 'deny';
  scopeType: Scope['type'];
  scopeId: string;
  /** `YYYY-MM-DDTHH:MM` of the city's clock; empty is at once. */
  from: string;
  until: string;
  forever: boolean;
  weekly: boolean;
  hours: readonly HoursRow[];
  /** Hours back; empty is all. */
  archiveHours: string;
  basis: string;
}

export type GrantProblem = 'role' | 'scope' | 'until' | 'time' | 'hours' | 'basis';

const DAY_MIN = 1440;

export const minutesOf = (text: string): number | undefined => {
  const match = /^(\d{2}):(\d{2})(?::\d{2})?$/.exec(text);
  if (!match) return undefined;
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  return minutes < DAY_MIN ? minutes : undefined;
};

/** The form's hours as the contract has them: a row past midnight becomes two. Undefined when something is missing. */
export function weeklyOf(rows: readonly HoursRow[]): WeeklyHours | undefined {
  const weekly: WeeklyHours = [];
  for (const { days, from, to } of rows) {
    const fromMin = minutesOf(from);
    const toMin = minutesOf(to);
    if (days.length === 0 || fromMin === undefined || toMin === undefined || fromMin === toMin)
      return undefined;
    for (const day of days) {
      if (fromMin < toMin) weekly.push({ day, fromMin, toMin });
      else {
        weekly.push({ day, fromMin, toMin: DAY_MIN });
        if (toMin > 0) weekly.push({ day: (day % 7) + 1, fromMin: 0, toMin });
      }
    }
  }
  return weekly.length > 0 ? weekly.sort((a, b) => a.day - b.day || a.fromMin - b.fromMin) : undefined;
}

/** Ends at the last minute of the day a month from now: a grant has an end unless somebody says otherwise. */
export function emptyGrant(now: number, zone: CityZone): GrantForm {
  return {
    roleId: '',
    effect: 'allow',
    scopeType: 'district',
    scopeId: '',
    from: '',
    until: `${cityDay(now + 30 * DAY_MIN * 60_000, zone)}T23:59`,
    forever: false,
    weekly: false,
    hours: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' }],
    archiveHours: '',
    basis: '',
  };
}

/** The grant that the form means, or what is wrong with it. `basis` is the last to be asked for: a preview does without. */
export function grantOf(
  form: GrantForm,
  personId: string,
  zone: CityZone,
  now: number,
): { input: GrantInput; problems: readonly [] } | { input: null; problems: readonly GrantProblem[] } {
  const problems: GrantProblem[] = [];
  if (!form.roleId) problems.push('role');
  if (form.scopeType !== 'city' && !form.scopeId) problems.push('scope');
  const from = form.from === '' ? undefined : cityMoment(form.from, zone);
  const until = form.forever ? null : cityMoment(form.until, zone);
  if ((form.from !== '' && from === undefined) || (until === undefined && form.until !== ''))
    problems.push('time');
  else if (until === undefined || (until !== null && until <= Math.max(now, from ?? 0)))
    problems.push('until');
  const weekly = form.weekly ? weeklyOf(form.hours) : null;
  if (weekly === undefined) problems.push('hours');
  if (form.basis.trim() === '') problems.push('basis');
  if (problems.length > 0) return { input: null, problems };
  const parsed = GrantInput.safeParse({
    personId,
    roleId: form.roleId,
    scope: form.scopeType === 'city' ? { type: 'city' } : { type: form.scopeType, id: form.scopeId },
    effect: form.effect,
    ...(from === undefined ? {} : { from }),
    until,
    weekly,
    archiveHours: form.archiveHours === '' ? null : Number(form.archiveHours),
    basis: form.basis,
  });
  // What the fields cannot hold (a basis of over 300 letters) is the basis or the hours.
  return parsed.success
    ? { input: parsed.data, problems: [] }
    : {
        input: null,
        problems: [parsed.error.issues.some(({ path }) => path[0] === 'weekly') ? 'hours' : 'basis'],
      };
}
