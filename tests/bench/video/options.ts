import { parseArgs } from 'node:util';
import { z } from 'zod';

const Minutes = z.coerce.number().positive().max(600);

export const VideoOptions = z.object({
  /** Parts to run; all without it. */
  only: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .optional(),
  /** How long glass to glass is watched. */
  minutes: Minutes.default(5),
  /** How long the many cameras are recorded. Whether memory goes on growing is not seen in much less than an hour. */
  recordMinutes: Minutes.default(10),
  cameras: z.coerce.number().int().min(1).max(1_000).default(100),
  /** Times that a click, a seek or a return is repeated. */
  json: z.string().min(1).optional(),
  times: z.coerce.number().int().min(3).max(1_000).default(30),
});
export type VideoOptions = z.infer<typeof VideoOptions>;

/** `--only glass,tiles --minutes 1 --record-minutes 2 --cameras 20 --times 5`. `--hour` is `--record-minutes 60`. */
export function readVideoOptions(args: string[]): VideoOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      ...{ only: text, minutes: text, 'record-minutes': text, cameras: text, times: text, json: text },
      hour: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  return VideoOptions.parse({
    ...values,
    recordMinutes: values.hour ? 60 : values['record-minutes'],
  });
}
