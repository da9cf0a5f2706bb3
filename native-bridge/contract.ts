import * as z from 'zod';

/** The name under which the preload offers the bridge to the page. */
export const BRIDGE_GLOBAL = 'kalanchaBridge';

/** Most bytes that go through `saveFile`; bigger things are downloads from the hub. */
export const SAVE_LIMIT_BYTES = 64 * 1024 * 1024;

const Nothing = z.strictObject({});

const SaveFile = z.strictObject({
  /** A bare file name. Folders in it are refused: the person says where it goes. */
  name: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^/\\:*?"<>|\p{Cc}]+$/u, 'is not a bare file name')
    .refine((name) => !/^\.+$/.test(name), 'is not a bare file name'),
  /** Media type, e.g. `text/csv`. */
  type: z
    .string()
    .max(100)
    .regex(/^[\w.+-]+\/[\w.+-]+(;\s*charset=[\w-]+)?$/, 'is not a media type'),
  bytes: z
    .instanceof(Uint8Array)
    .refine((bytes) => bytes.byteLength <= SAVE_LIMIT_BYTES, 'is over 64 MiB: download it from the hub'),
});

/** An incident's own address in the hub's console: all that a notice may open. */
const IncidentPath = z
  .string()
  .max(200)
  .regex(/^\/incidents\?incident=[\w.-]{1,100}$/, 'is not the address of an incident');

const Notice = z.strictObject({
  title: z.string().min(1).max(200),
  body: z.string().max(1000),
  /** A later notice with the same tag takes the place of this one. */
  tag: z.string().max(100).optional(),
  silent: z.boolean().optional(),
  /** What is told to the page that asked when the notice is clicked; the window comes forward in any case. */
  opens: IncidentPath.optional(),
});

/** A notice with `opens` was clicked, and its window brought forward. */
export const NoticeClicked = z.strictObject({ opens: IncidentPath });
export type NoticeClicked = z.output<typeof NoticeClicked>;

/** A wall's own address in the hub's console; nothing else is opened in a window of its own. */
const WallPath = z
  .string()
  .max(8000)
  .regex(/^\/wall\/[\w.%-]{1,200}(\?[\w.%&=+*-]*)?$/, 'is not the address of a wall');

const ScreenId = z.string().min(1).max(40);

const Screen = z.strictObject({
  id: ScreenId,
  /** What the system calls it; may be empty. */
  label: z.string().max(200),
  /** Device-independent pixels. */
  width: z.int().min(1),
  height: z.int().min(1),
  /** The one that the asking window is on. */
  current: z.boolean(),
});

const Version = z.strictObject({
  /** Version of the desktop program; null in a browser. */
  desktop: z.string().max(50).nullable(),
});

const Platform = z.strictObject({
  host: z.enum(['desktop', 'browser']),
  os: z.enum(['linux', 'windows', 'macos', 'other']),
});

/** Every function of the bridge with the shape of what it takes and what it answers; both ends parse by it. */
export const bridgeCalls = {
  /** Saves bytes to a file of the person's choice; `saved` is false when it was cancelled. */
  saveFile: { takes: SaveFile, answers: z.strictObject({ saved: z.boolean() }) },
  /** Shows a notification of the operating system; `shown` is false where the person or the system does not allow it. */
  notify: { takes: Notice, answers: z.strictObject({ shown: z.boolean() }) },
  /** Keeps the display from going dark while a wall is watched; `awake` tells whether that holds now. */
  keepDisplayAwake: {
    takes: z.strictObject({ on: z.boolean() }),
    answers: z.strictObject({ awake: z.boolean() }),
  },
  /** The screens of this machine; empty where that is not told (a browser). */
  screens: { takes: Nothing, answers: z.strictObject({ screens: z.array(Screen).max(32) }) },
  /**
   * Opens a wall in a window of its own, on the whole of a screen; null is the one it was on last time. `opened` is
   * false where the browser did not allow it.
   */
  openWall: {
    takes: z.strictObject({ path: WallPath, screenId: ScreenId.nullable() }),
    answers: z.strictObject({ opened: z.boolean() }),
  },
  /** Opens an address of the allow-list (see external.ts) in the person's browser. */
  openExternal: {
    takes: z.strictObject({ url: z.string().min(1).max(2000) }),
    answers: z.strictObject({ opened: z.boolean() }),
  },
  appVersion: { takes: Nothing, answers: Version },
  platform: { takes: Nothing, answers: Platform },
} as const;

export type BridgeCall = keyof typeof bridgeCalls;
export type Takes<C extends BridgeCall> = z.input<(typeof bridgeCalls)[C]['takes']>;
export type Answers<C extends BridgeCall> = z.output<(typeof bridgeCalls)[C]['answers']>;

/**
 * What the renderer knows of the machine it runs on: the same functions in the desktop program and in a browser.
 * A call rejects only for a wrong argument or a broken host (of the error, only the message comes through the
 * preload); what the person or the system refused is part of the answer.
 */
export type NativeBridge = { readonly [C in BridgeCall]: (request: Takes<C>) => Promise<Answers<C>> } & {
  /** Hears clicks on notices of this page; the answer ends that. */
  readonly onNoticeClicked: (listener: (clicked: NoticeClicked) => void) => () => void;
};

/** Besides the calls, what a bridge must have to be one. */
export const BRIDGE_SUBSCRIPTIONS = ['onNoticeClicked'] as const;

export type BridgeErrorCode = 'bad-argument' | 'bad-answer' | 'refused' | 'failed';

export class BridgeError extends Error {
  readonly code: BridgeErrorCode;

  constructor(code: BridgeErrorCode, message: string) {
    super(message);
    this.name = 'BridgeError';
    this.code = code;
  }
}

/** What the desktop program sends back over IPC: errors travel as data, because Electron keeps only their text. */
export const Reply = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), value: z.unknown() }),
  z.strictObject({
    ok: z.literal(false),
    code: z.enum(['bad-argument', 'bad-answer', 'refused', 'failed']),
    message: z.string().max(2000),
  }),
]);
export type Reply = z.infer<typeof Reply>;

/** IPC channel of a call. */
export const channelOf = (call: BridgeCall): string => `kalancha:bridge:${call}`;

/** IPC channel by which the shell tells a page of a click. */
export const NOTICE_CLICKED_CHANNEL = 'kalancha:bridge:notice-clicked';

/** Channels that only the shell's own pages may use. */
export const SHELL_RETRY_CHANNEL = 'kalancha:shell:retry';
export const SHELL_QUIT_CHANNEL = 'kalancha:shell:quit';
/** The name under which the preload offers them to those pages. */
export const SHELL_GLOBAL = 'kalanchaShell';

const sentence = (error: z.ZodError): string => {
  const issue = error.issues[0];
  return issue ? `${issue.path.join('.') || 'argument'}: ${issue.message}` : 'not valid';
};

/** @throws BridgeError `bad-argument` */
export function parseRequest<C extends BridgeCall>(call: C, request: unknown): Takes<C> {
  const parsed = bridgeCalls[call].takes.safeParse(request);
  if (!parsed.success) throw new BridgeError('bad-argument', `${call}: ${sentence(parsed.error)}`);
  return parsed.data as Takes<C>;
}

/** @throws BridgeError `bad-answer` */
export function parseAnswer<C extends BridgeCall>(call: C, answer: unknown): Answers<C> {
  const parsed = bridgeCalls[call].answers.safeParse(answer);
  if (!parsed.success) throw new BridgeError('bad-answer', `${call}: ${sentence(parsed.error)}`);
  return parsed.data as Answers<C>;
}

/** @throws BridgeError `bad-answer` */
export function parseNoticeClicked(told: unknown): NoticeClicked {
  const parsed = NoticeClicked.safeParse(told);
  if (!parsed.success) throw new BridgeError('bad-answer', `onNoticeClicked: ${sentence(parsed.error)}`);
  return parsed.data;
}

type Performers = { readonly [C in BridgeCall]: (request: Takes<C>) => Promise<unknown> | unknown };
/** Hands on whatever is told from now on; the answer ends that. */
type Hear = (tell: (told: unknown) => void) => () => void;

/** Builds a bridge of which every argument, answer and click is parsed, whatever the performers do with them. */
export function checkedBridge(performers: Performers, hearClicks: Hear): NativeBridge {
  const checked =
    <C extends BridgeCall>(call: C) =>
    async (request: Takes<C>): Promise<Answers<C>> =>
      parseAnswer(call, await performers[call](parseRequest(call, request)));
  return {
    saveFile: checked('saveFile'),
    notify: checked('notify'),
    keepDisplayAwake: checked('keepDisplayAwake'),
    screens: checked('screens'),
    openWall: checked('openWall'),
    openExternal: checked('openExternal'),
    appVersion: checked('appVersion'),
    platform: checked('platform'),
    onNoticeClicked: (listener) => hearClicks((told) => listener(parseNoticeClicked(told))),
  };
}
