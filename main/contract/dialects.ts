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

/** As it is written for Home Assistant, whose own names these are: only a field of JSON can be picked out. */
const TEMPLATE = /^\{\{\s*value_json(?:\.[A-Za-z_]\w*)+\s*\}\}$/;
/** Levels without wildcards; `{device}` is a level of its own. */
const AVAILABILITY_TOPIC =
  /^(?!\$|kalancha(\/|$))(?:\{device\}|[^#+/\0{}]+)(?:\/(?:\{device\}|[^#+/\0{}]+))*$/;
const word = z.string().min(1).max(64);

/** Where Home Assistant is told to look for a device's availability (its MQTT integration, `availability`). */
export const AvailabilityTopic = z.strictObject({
  /** With `{device}` in the place of the device's name; without it, of all devices of these settings: their bridge. */
  topic: z
    .string()
    .max(200)
    .regex(AVAILABILITY_TOPIC, 'must be topic levels without + and #, one of which may be {device}')
    .refine((topic) => topic.split('{device}').length <= 2, 'may name {device} once'),
  payload_available: word.default('online'),
  payload_not_available: word.default('offline'),
  value_template: z
    .string()
    .max(200)
    .regex(TEMPLATE, 'can only pick a field out of JSON, as in {{ value_json.state }}')
    .optional(),
});
export type AvailabilityTopic = z.infer<typeof AvailabilityTopic>;
export const AvailabilityModes = ['all', 'any', 'latest'] as const;
export type AvailabilityMode = (typeof AvailabilityModes)[number];

/** One dialect in use. The same dialect may be used under several prefixes. */
export const DialectSettings = z
  .strictObject({
    name: z.enum(DialectNames),
    /** What stands before the dialect's own topics; each dialect has a default. */
    prefix: z
      .string()
      .max(120)
      .regex(PREFIX, 'must be topic levels without + and #, such as city/cameras')
      .optional(),
    /** How often its devices report, seconds; each dialect has a default. */
    heartbeatS: z.number().min(1).max(86_400).optional(),
    /** Of `home-assistant` alone: instead of its usual topics, below no prefix. */
    availability: z.array(AvailabilityTopic).min(1).max(8).optional(),
    /** How several of them make one answer; `latest`: what was said last. */
    availability_mode: z.enum(AvailabilityModes).optional(),
  })
  .refine(
    ({ name, prefix, availability }) => !availability || (name === 'home-assistant' && prefix === undefined),
    { path: ['availability'], error: 'is for home-assistant alone, and without a prefix' },
  )
  .refine(({ availability }) => availability?.some(({ topic }) => topic.includes('{device}')) ?? true, {
    path: ['availability'],
    error: 'must have a topic with {device}',
  })
  .refine(({ availability, availability_mode: mode }) => availability !== undefined || mode === undefined, {
    path: ['availability_mode'],
    error: 'needs the availability topics that it is about',
  });
export type DialectSettings = z.infer<typeof DialectSettings>;
