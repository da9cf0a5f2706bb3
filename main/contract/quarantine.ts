import { z } from 'zod';
import { UtcMs } from './common.ts';
import { DialectNames } from './dialects.ts';

/** Why a message did not count. Labels of `/metrics` too, so a set that does not grow with what devices send. */
export const QuarantineReasons = [
  /** More bytes, or more levels, than is read of anybody. */
  'too-large',
  'too-deep',
  'not-json',
  /** A field is missing, of another type or out of its bounds: `place` says which. */
  'wrong-field',
  /** It names another device than its topic, or a topic that its device does not have. */
  'wrong-id',
  'wrong-kind',
  'wrong-shard',
  /** One more than its device may send. */
  'too-many',
  /** Of a gateway: an entry for a device that the registry does not have below it. */
  'not-below',
  /** Words and forms of single dialects. */
  'unknown-state',
  'wrong-method',
  'not-sparkplug',
  'no-bdseq',
  'not-base64',
  'not-zlib',
  'wrong-length',
  'packed-twice',
  'other',
] as const;
export type QuarantineReason = (typeof QuarantineReasons)[number];

/** In whose words it was said: our own topics, or another dialect. */
export const Tongues = ['kalancha', ...DialectNames] as const;
export type Tongue = (typeof Tongues)[number];

/** The beginning of a message, without what must not be shown (`main/health/quarantine/sample.ts`). */
export const QuarantineSample = z.object({
  /** `hex`: it was no UTF-8. */
  form: z.enum(['text', 'hex']),
  text: z.string(),
  /** Length of the whole message. */
  bytes: z.int(),
  /** More of it came than is kept. */
  cut: z.boolean(),
});
export type QuarantineSample = z.infer<typeof QuarantineSample>;

/** What one device sent that was refused for one reason. */
export const QuarantineEntry = z.object({
  tongue: z.enum(Tongues),
  reason: z.enum(QuarantineReasons),
  count: z.int(),
  firstAt: UtcMs,
  lastAt: UtcMs,
  /** The rest is of the newest one. Empty: it was too long for anybody to read its topic. */
  topic: z.string(),
  /** JSON pointer (RFC 6901) of the first field that is wrong; null where none is to blame. */
  place: z.string().nullable(),
  /** What was expected there, in the words of the schema; or where the text stopped being JSON. */
  detail: z.string().nullable(),
  /** Null for who may not see what access points tell. */
  sample: QuarantineSample.nullable(),
});
export type QuarantineEntry = z.infer<typeof QuarantineEntry>;

export const Quarantine = z.object({
  /** Of all reasons, those whose details were let go for newer ones of other devices included. */
  count: z.int(),
  /** The newest first. */
  entries: z.array(QuarantineEntry),
});
export type Quarantine = z.infer<typeof Quarantine>;
