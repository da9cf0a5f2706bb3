import { z } from 'zod';

/** Ways of other standards and makers to tell over MQTT what ours tell, each taken in by an adapter of its own. */
export const DialectNames = [
  'netjson',
  'ucentral',
  'onvif',
  'axis',
  'sparkplug',
  'homie',
  'home-assistant',
] as const;
export type DialectName = (typeof DialectNames)[number];

/** Topic levels without wildcards, not below `$` and not below our own root. */
const PREFIX = /^(?!\$|kalancha(\/|$))[^#+/\0]+(\/[^#+/\0]+)*$/;

/** One dialect in use. The same dialect may be used under several prefixes. */
export const DialectSettings = z.strictObject({
  name: z.enum(DialectNames),
  /** What stands before the dialect's own topics; each dialect has a default. */
  prefix: z
    .string()
    .max(120)
    .regex(PREFIX, 'must be topic levels without + and #, such as city/cameras')
    .optional(),
  /** How often its devices report, seconds; each dialect has a default. */
  heartbeatS: z.number().min(1).max(86_400).optional(),
});
export type DialectSettings = z.infer<typeof DialectSettings>;
