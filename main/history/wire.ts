import { z } from 'zod';
import { Trouble } from '../contract/trouble.ts';

/** What the hub sends to the thread that keeps the history. */
export const ToWorker = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('samples'),
    id: z.int().positive(),
    /** Nothing older waits at the hub: batches between this one and the last stored were given up. */
    oldest: z.boolean(),
    samples: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  }),
  z.object({
    kind: z.literal('chart'),
    id: z.int(),
    request: z.object({
      num: z.int(),
      metrics: z.array(z.string()),
      from: z.number(),
      to: z.number(),
      points: z.int(),
    }),
  }),
  z.object({
    kind: z.literal('preview'),
    id: z.int(),
    request: z.object({
      nums: z.array(z.int()),
      metric: z.string(),
      side: z.enum(['above', 'below']),
      raise: z.number(),
      clear: z.number(),
      reports: z.int(),
      from: z.number(),
      to: z.number(),
    }),
  }),
  z.object({ kind: z.literal('stop') }),
]);
export type ToWorker = z.infer<typeof ToWorker>;

const Values = z.array(z.number().nullable());

/** What it answers. */
export const FromWorker = z.discriminatedUnion('kind', [
  /** Open, and all that the journal held is back; `newest` is the last batch it has. */
  z.object({ kind: z.literal('ready'), newest: z.int(), restored: z.int() }),
  z.object({ kind: z.literal('stored'), id: z.int() }),
  z.object({ kind: z.literal('not-stored'), id: z.int(), trouble: Trouble }),
  z.object({
    kind: z.literal('chart'),
    id: z.int(),
    answer: z.object({
      stepMs: z.number(),
      resolutionMs: z.number(),
      series: z.array(
        z.object({ metric: z.string(), unit: z.string(), avg: Values, min: Values, max: Values }),
      ),
    }),
  }),
  z.object({
    kind: z.literal('preview'),
    id: z.int(),
    answer: z.object({ devices: z.int(), raised: z.int(), ms: z.number(), since: z.number().nullable() }),
  }),
  z.object({ kind: z.literal('no-answer'), id: z.int(), problem: z.string() }),
  z.object({ kind: z.literal('figures'), waitingBytes: z.number(), fileBytes: z.number() }),
  z.object({ kind: z.literal('trouble'), problem: z.string() }),
]);
export type FromWorker = z.infer<typeof FromWorker>;

export const WorkerSettings = z.object({
  file: z.string(),
  nativeBinding: z.string().optional(),
  sampleDays: z.number().positive(),
  aggregateDays: z.number().positive(),
  /** Each partition is packed once in this time, ms. */
  packEveryMs: z.number().positive(),
});
export type WorkerSettings = z.infer<typeof WorkerSettings>;
