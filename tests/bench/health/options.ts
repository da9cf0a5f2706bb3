import { parseArgs } from 'node:util';
import { z } from 'zod';

export const HealthOptions = z.object({
  /** Parts to run; all without it. */
  only: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .optional(),
  /** How long the sustained load lasts. */
  minutes: z.coerce.number().positive().max(600).default(10),
  /** Devices of the city. */
  devices: z.coerce.number().int().min(200).max(200_000).default(170_000),
  /** Real connections with Wills that come back. */
  connections: z.coerce.number().int().min(10).max(19_000).default(15_000),
  /** Times that a single measurement is repeated. */
  times: z.coerce.number().int().min(3).max(1_000).default(30),
  /** Days of history of which charts are drawn. */
  days: z.coerce.number().int().min(1).max(30).default(7),
  json: z.string().min(1).optional(),
  /** Another build of the hub than dist/main/cli.js. */
  program: z.string().min(1).optional(),
  /** Folder for CPU profiles of the hub. */
  profile: z.string().min(1).optional(),
});
export type HealthOptions = z.infer<typeof HealthOptions>;

/** `--only ingest,stored --minutes 1 --devices 5000 --connections 500 --times 5 --days 1`. */
export function readHealthOptions(args: string[]): HealthOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...{ only: text, minutes: text, devices: text, connections: text, times: text, days: text, json: text },
      ...{ program: text, profile: text },
    },
  });
  return HealthOptions.parse(values);
}
