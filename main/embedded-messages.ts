import { z } from 'zod';

/** What the desktop shell tells the hub that it started. The shell holds its own copy of the other direction. */
export const FromShell = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('start'),
    dataDir: z.string().min(1).max(4096),
    demo: z.boolean(),
    /** Port to listen on if it is free; 0 for any. */
    port: z.int().min(0).max(65_535),
    /** Every request of the shell's windows carries it; nobody else knows it. */
    launchToken: z.string().regex(/^[\w-]{43}$/, 'is not a launch token'),
    /** The folder of the built program: the console's files and the fixture programs are in it. */
    dist: z.string().min(1).max(4096),
    configFile: z.string().min(1).max(4096).optional(),
    /** Another build of better-sqlite3's addon, for hosts that need one. */
    nativeBinding: z.string().min(1).max(4096).optional(),
  }),
  z.strictObject({ type: z.literal('stop') }),
  z.strictObject({ type: z.literal('child-line'), id: z.int().min(1), line: z.string().max(1024 * 1024) }),
  z.strictObject({ type: z.literal('child-exit'), id: z.int().min(1), code: z.int().nullable() }),
]);
export type FromShell = z.infer<typeof FromShell>;
export type StartMessage = Extract<FromShell, { type: 'start' }>;

/** What the hub tells the shell. */
export type ToShell =
  | { type: 'ready'; httpUrl: string; mqttUrl: string | null; firstLogin?: { login: string; file: string } }
  | { type: 'failed'; code: string; message: string }
  | { type: 'spawn'; id: number; script: string; args: string[] }
  | { type: 'child-write'; id: number; line: string }
  | { type: 'child-kill'; id: number };
