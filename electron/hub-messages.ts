import { z } from 'zod';

const ChildId = z.int().min(1);
const Text = z.string().max(10_000);

/** What the hub tells the shell; parsed, because the hub handles the whole city's untrusted input. */
export const FromHub = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('ready'),
    httpUrl: z.string().max(100),
    mqttUrl: z.string().max(2000).nullable(),
    firstLogin: z.strictObject({ login: z.string().max(200), file: z.string().max(4096) }).optional(),
  }),
  z.strictObject({ type: z.literal('failed'), code: z.string().max(100), message: Text }),
  z.strictObject({
    type: z.literal('spawn'),
    id: ChildId,
    script: z.string().max(4096),
    args: z.array(z.string().max(4096)).max(100),
  }),
  z.strictObject({ type: z.literal('child-write'), id: ChildId, line: z.string().max(1024 * 1024) }),
  z.strictObject({ type: z.literal('child-kill'), id: ChildId }),
]);
export type FromHub = z.infer<typeof FromHub>;

/** What the shell tells the hub. */
export type ToHub =
  | {
      type: 'start';
      dataDir: string;
      demo: boolean;
      port: number;
      launchToken: string;
      dist: string;
      configFile?: string;
      nativeBinding?: string;
    }
  | { type: 'stop' }
  | { type: 'child-line'; id: number; line: string }
  | { type: 'child-exit'; id: number; code: number | null };
