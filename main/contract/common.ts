import { z } from 'zod';

/** UTC milliseconds since 1970. The one form of time inside the program. */
export const UtcMs = z.int().min(0).max(8.64e15);

/** A time in a query string: UTC milliseconds or ISO 8601 with a zone. Parsed to UTC milliseconds. */
export const QueryTime = z
  .string()
  .max(40)
  .transform((text, context) => {
    const ms = /^\d{1,16}$/.test(text)
      ? Number(text)
      : /(Z|[+-]\d{2}:?\d{2})$/.test(text)
        ? Date.parse(text)
        : Number.NaN;
    if (!Number.isFinite(ms) || ms < 0 || ms > 8.64e15) {
      context.addIssue({ code: 'custom', message: 'give UTC milliseconds, or ISO 8601 with a zone' });
      return z.NEVER;
    }
    return ms;
  });

/** A device's own name on every wire: topics, addresses, files. */
export const DeviceId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

export const Id = z.string().min(1).max(64);

/** RFC 9457 problem details. `code` is stable and translated by the console, `params` fill its sentence. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type Problem = z.infer<typeof Problem>;

export const Page = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    total: z.int(),
    /** Opaque; absent on the last page. */
    nextCursor: z.string().optional(),
  });

export const Languages = ['ru', 'en'] as const;
export type Language = (typeof Languages)[number];
