import { z } from 'zod';
import { Scope } from './access.ts';
import { DeviceId, Id, UtcMs } from './common.ts';
import { DeviceKind } from './device.ts';
import { ExceededMeasurement, StatusReason } from './health.ts';

/** What an incident is about; the console words each (`incidents:cause.<code>`). */
export const IncidentCauses = [
  'device-offline',
  'stream-lost',
  'flapping',
  'bad-data',
  'degraded',
  'picture',
  'area-outage',
  'city-outage',
  'disk',
  'monitoring',
  'history',
] as const;
export const IncidentCause = z.enum(IncidentCauses);
export type IncidentCause = z.infer<typeof IncidentCause>;

export const Severities = ['critical', 'warning', 'info'] as const;
export const Severity = z.enum(Severities);
export type Severity = z.infer<typeof Severity>;

export const IncidentNoteKinds = [
  'opened',
  'found-at-start',
  /** A person's command came before, and did not end well; its kind is the text. */
  'commanded',
  'joined',
  'cleared',
  'returned',
  'absorbed',
  'taken',
  'released',
  'comment',
  'muted',
  'unmuted',
  'resolved',
  'closed-by-itself',
] as const;
export const IncidentNote = z.object({
  at: UtcMs,
  kind: z.enum(IncidentNoteKinds),
  /** Null: the hub itself. */
  person: z.object({ id: Id, name: z.string() }).nullable(),
  text: z.string(),
});
export type IncidentNote = z.infer<typeof IncidentNote>;

/** What caused it, as far as the one who asks may know it. */
export const IncidentSubject = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('device'),
    id: DeviceId,
    name: z.string(),
    deviceKind: DeviceKind,
    address: z.string(),
  }),
  z.object({ kind: z.literal('area'), id: Id, nameRu: z.string(), nameEn: z.string() }),
  z.object({ kind: z.literal('city') }),
  /** A device that the person may not see, on which devices hang that he may see. */
  z.object({ kind: z.literal('upstream') }),
  z.object({ kind: z.literal('disk'), name: z.string() }),
  z.object({ kind: z.literal('hub') }),
]);
export type IncidentSubject = z.infer<typeof IncidentSubject>;

export const Incident = z.object({
  id: Id,
  cause: IncidentCause,
  severity: Severity,
  subject: IncidentSubject,
  reason: z.union([StatusReason, z.string()]),
  /** What of a degraded device is out of bounds now; else empty. */
  exceeded: z.array(ExceededMeasurement),
  /** Since when the first of its devices is down: before the hub told of it. */
  since: UtcMs,
  openedAt: UtcMs,
  /** Set while its condition is over but somebody may still want to look. */
  clearedAt: UtcMs.nullable(),
  resolvedAt: UtcMs.nullable(),
  foundAtStart: z.boolean(),
  taken: z.object({ personId: Id, name: z.string(), at: UtcMs }).nullable(),
  mutedUntil: UtcMs.nullable(),
  /** Devices that it took down, of those the one who asks may see. */
  affected: z.object({ now: z.int(), ever: z.int() }),
  /** Districts in which any of them is still down, or in which they were when none is. */
  districts: z.int(),
});
export type Incident = z.infer<typeof Incident>;

export const IncidentMember = z.object({
  id: DeviceId,
  name: z.string(),
  kind: DeviceKind,
  since: UtcMs,
  until: UtcMs.nullable(),
});
const Extent = z.object({ now: z.int(), ever: z.int() });
/** Where an incident is, and what it took down, however many. */
export const IncidentSpread = z.object({
  kinds: z.array(Extent.extend({ kind: DeviceKind })),
  districts: z.array(Extent.extend({ id: Id, nameRu: z.string(), nameEn: z.string() })),
});
export type IncidentSpread = z.infer<typeof IncidentSpread>;

/** One incident with its history and up to 500 of the devices that it took down, those first that still are. */
export const IncidentDetail = Incident.extend({
  spread: IncidentSpread,
  members: z.array(IncidentMember),
  notes: z.array(IncidentNote),
});
export type IncidentDetail = z.infer<typeof IncidentDetail>;

/** Where a page of resolved ones ends: many may have opened in the same millisecond. */
export interface IncidentCursor {
  /** UTC ms. */
  openedAt: number;
  id: string;
}
export const cursorOf = ({ openedAt, id }: IncidentCursor): string => `${openedAt}.${id}`;
const Cursor = z
  .string()
  .regex(/^\d{1,16}\..{1,64}$/, 'must be the "next" of the page before')
  .transform((text): IncidentCursor => {
    const dot = text.indexOf('.');
    return { openedAt: Number(text.slice(0, dot)), id: text.slice(dot + 1) };
  });

export const IncidentQuery = z.object({
  state: z.enum(['open', 'resolved']).default('open'),
  device: DeviceId.optional(),
  /** Only what took down devices of this kind, and what blinds the hub itself. */
  kind: DeviceKind.optional(),
  /** `next` of the page before. */
  cursor: Cursor.optional(),
});
export const IncidentList = z.object({
  items: z.array(Incident),
  more: z.boolean(),
  /** Of resolved ones: `cursor` of the next page, null on the last. Looked at are others too, so the last item won't do. */
  next: z.string().nullable(),
});
export type IncidentList = z.infer<typeof IncidentList>;

const text = z.string().trim().min(1).max(2_000);
export const CommentInput = z.strictObject({ text });
/** Muting: no sound, no notification, out of the way in the list, for at most a week. */
export const MuteInput = z.strictObject({ until: UtcMs, text: text.optional() });
export const ResolveInput = z.strictObject({ text: text.optional() });

/** Work on devices: their incidents are silent and reports count the time apart; recording goes on. */
export const MaintenanceInput = z.strictObject({
  scope: Scope,
  from: UtcMs,
  until: UtcMs,
  reason: text,
});
export type MaintenanceInput = z.infer<typeof MaintenanceInput>;
export const MaintenanceWindow = MaintenanceInput.extend({
  id: Id,
  madeBy: z.object({ id: Id, name: z.string() }),
  madeAt: UtcMs,
});
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>;
