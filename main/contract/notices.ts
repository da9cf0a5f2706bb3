import { z } from 'zod';
import { UtcMs } from './common.ts';
import { Severity } from './incidents.ts';
import { Trouble } from './trouble.ts';

/** Somebody outside who is told of incidents, and how that goes. */
export const NoticeReceiver = z.object({
  /** Stable as long as the settings are; holds no secret. */
  name: z.string(),
  kind: z.enum(['webhook', 'email']),
  /** Host of the webhook or mail server. */
  host: z.string(),
  minSeverity: Severity,
  /** `failing`: the last message did not get through; it is tried again by single ones. */
  state: z.enum(['unused', 'working', 'failing']),
  /** Notices that wait for it. */
  waiting: z.int(),
  lastSentAt: UtcMs.nullable(),
  lastFailedAt: UtcMs.nullable(),
  /** Why it last failed. */
  problem: Trouble.nullable(),
  /** When it is tried again; null while it works, or nothing waits. */
  nextTryAt: UtcMs.nullable(),
  /** Notices that were given up, ever. */
  givenUp: z.int(),
  lastGivenUpAt: UtcMs.nullable(),
});
export type NoticeReceiver = z.infer<typeof NoticeReceiver>;

export const NoticeReceivers = z.object({ receivers: z.array(NoticeReceiver) });
export type NoticeReceivers = z.infer<typeof NoticeReceivers>;
