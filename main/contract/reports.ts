import { z } from 'zod';
import { DeviceId, Languages, QueryTime, UtcMs } from './common.ts';
import { DeviceKind } from './device.ts';

export const ReportGroups = ['device', 'district', 'okrug', 'owner', 'contractor', 'group'] as const;

/** Longest range of a report, ms: a year and a day. */
export const MAX_REPORT_RANGE_MS = 366 * 86_400_000;
/** With a larger share of its time unknown than this, what a line says of the rest is no picture of the whole. */
export const MOSTLY_UNKNOWN = 0.5;
/** Lines of one answer; the rest is in the CSV. */
export const REPORT_LINES = 1_000;

export const AvailabilityQuery = z.object({
  from: QueryTime,
  to: QueryTime,
  by: z.enum(ReportGroups).default('okrug'),
  kind: DeviceKind.optional(),
});
export type AvailabilityQuery = z.infer<typeof AvailabilityQuery>;
/** The language whose spreadsheet is to open it: how columns are split, numbers written, columns named. */
export const AvailabilityCsvQuery = AvailabilityQuery.extend({ language: z.enum(Languages).default('en') });

/** Milliseconds of all devices of a line together; they add up to devices times range. */
export const AvailabilityTimes = z.object({
  up: z.number(),
  down: z.number(),
  downByParent: z.number(),
  flapping: z.number(),
  maintenanceUp: z.number(),
  maintenanceDown: z.number(),
  unknown: z.number(),
});

export const AvailabilityLine = z.object({
  /** Device, district, okrug or group id; an owner's or contractor's name. Empty for devices without one. */
  key: z.string(),
  name: z.string(),
  devices: z.int(),
  times: AvailabilityTimes,
  /** Share of the known time in which it worked, 0 to 1; null when nothing is known. */
  all: z.number().nullable(),
  /** The same without maintenance and without outages of what devices hang on. */
  own: z.number().nullable(),
});
export type AvailabilityLine = z.infer<typeof AvailabilityLine>;

export const AvailabilityReport = z.object({
  from: UtcMs,
  to: UtcMs,
  by: z.enum(ReportGroups),
  /** Time of the range in which the hub itself was blind, ms. */
  blindMs: z.number(),
  total: AvailabilityLine,
  /** The worst first; last those of which mostly nothing is known. */
  lines: z.array(AvailabilityLine),
  more: z.boolean(),
});
export type AvailabilityReport = z.infer<typeof AvailabilityReport>;
export type ReportGroup = AvailabilityReport['by'];

export const ShareKinds = ['ap', 'switch'] as const;
export type ShareKind = (typeof ShareKinds)[number];
/** A day and thirty of them. */
export const ShareHours = z.union([z.literal(24), z.literal(720)]);
export type ShareHours = z.infer<typeof ShareHours>;

/** `GET /api/availability`: for a column of a table, up to a minute old (ten, while it is reckoned anew). */
export const SharesQuery = z.object({
  kind: z.enum(ShareKinds),
  hours: z.enum(['24', '720']).transform((text): ShareHours => (text === '24' ? 24 : 720)),
});
export const AvailabilityShares = z.object({
  from: UtcMs,
  to: UtcMs,
  /** Share of the known time in which the device worked, 0 to 1; null when more of the time is unknown than known. */
  shares: z.record(DeviceId, z.number().nullable()),
});
export type AvailabilityShares = z.infer<typeof AvailabilityShares>;
