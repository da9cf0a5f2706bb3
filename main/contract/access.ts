import { z } from 'zod';
import { Id, QueryTime, UtcMs } from './common.ts';

/** Every right there is, by what it opens. Order is the bit order of compiled rights: append only. */
export const Actions = [
  'device.view',
  'device.edit',
  'video.live',
  'video.audio',
  'video.archive',
  'video.snapshot',
  'video.export',
  'video.export-original',
  'video.hold',
  'video.ptz',
  'wifi.view',
  'wifi.clients',
  'wifi.command',
  'incident.view',
  'incident.handle',
  'access.manage',
  'audit.read',
  'system.configure',
] as const;
export const Action = z.enum(Actions);
export type Action = z.infer<typeof Action>;

/** Built-in roles, by the ids that the console translates (`role.<id>`). */
export const BuiltInRoles = {
  'agency-viewer': ['device.view', 'video.live', 'incident.view'],
  'police-officer': [
    'device.view',
    'video.live',
    'incident.view',
    'video.archive',
    'video.snapshot',
    'video.ptz',
  ],
  'police-supervisor': [
    'device.view',
    'video.live',
    'incident.view',
    'video.archive',
    'video.snapshot',
    'video.ptz',
    'video.export',
    'video.hold',
  ],
  'wifi-technician': [
    'device.view',
    'wifi.view',
    'wifi.clients',
    'wifi.command',
    'incident.view',
    'incident.handle',
  ],
  'video-technician': ['device.view', 'device.edit', 'video.snapshot', 'incident.view', 'incident.handle'],
  'access-administrator': ['access.manage'],
  auditor: ['audit.read'],
  'system-administrator': ['system.configure', 'device.edit', 'device.view'],
} as const satisfies Record<string, readonly Action[]>;

export const Role = z.object({ id: Id, builtIn: z.boolean(), name: z.string(), actions: z.array(Action) });
export type Role = z.infer<typeof Role>;

export const Scope = z.discriminatedUnion('type', [
  z.object({ type: z.literal('city') }),
  z.object({ type: z.literal('okrug'), id: Id }),
  z.object({ type: z.literal('district'), id: Id }),
  z.object({ type: z.literal('group'), id: Id }),
  z.object({ type: z.literal('device'), id: Id }),
]);
export type Scope = z.infer<typeof Scope>;

/** Hours of the week in the city's zone; day 1 is Monday, minutes count from midnight, `to` is exclusive. */
export const WeeklyHours = z
  .array(
    z.object({
      day: z.int().min(1).max(7),
      fromMin: z.int().min(0).max(1439),
      toMin: z.int().min(1).max(1440),
    }),
  )
  .min(1)
  .max(50)
  .refine((spans) => spans.every(({ fromMin, toMin }) => fromMin < toMin), {
    message: 'each span ends after it begins; one over midnight is two spans',
  });
export type WeeklyHours = z.infer<typeof WeeklyHours>;

export const Grant = z.object({
  id: Id,
  personId: Id,
  roleId: Id,
  scope: Scope,
  /** `deny` takes the role's actions away in the scope, whatever else grants them. */
  effect: z.enum(['allow', 'deny']),
  from: UtcMs,
  /** Null is open-ended. */
  until: UtcMs.nullable(),
  weekly: WeeklyHours.nullable(),
  /** How far back the archive may be seen; null is all of it. */
  archiveHours: z.number().positive().nullable(),
  /** Order or case number. */
  basis: z.string(),
  grantedBy: Id,
  grantedAt: UtcMs,
  endedAt: UtcMs.nullable(),
  endedBy: Id.nullable(),
});
export type Grant = z.infer<typeof Grant>;

export const GrantInput = z.strictObject({
  personId: Id,
  roleId: Id,
  scope: Scope,
  effect: z.enum(['allow', 'deny']).default('allow'),
  from: UtcMs.optional(),
  until: UtcMs.nullable(),
  weekly: WeeklyHours.nullable().default(null),
  archiveHours: z.number().positive().max(87_600).nullable().default(null),
  basis: z.string().trim().min(1).max(300),
});
export type GrantInput = z.infer<typeof GrantInput>;

export const Person = z.object({
  id: Id,
  login: z.string(),
  name: z.string(),
  unit: z.string(),
  number: z.string(),
  locked: z.boolean(),
  demo: z.boolean(),
  createdAt: UtcMs,
  lastSignInAt: UtcMs.nullable(),
  activeGrants: z.int(),
});
export type Person = z.infer<typeof Person>;

export const Login = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{1,63}$/);
export const Password = z.string().min(10).max(256);

export const PersonInput = z.strictObject({
  login: Login,
  name: z.string().trim().min(1).max(200),
  unit: z.string().trim().max(200).default(''),
  /** Service number, part of the watermark. */
  number: z.string().trim().max(40).default(''),
  password: Password,
});
export type PersonInput = z.infer<typeof PersonInput>;

export const PersonPatch = z.strictObject({
  name: z.string().trim().min(1).max(200).optional(),
  unit: z.string().trim().max(200).optional(),
  number: z.string().trim().max(40).optional(),
  locked: z.boolean().optional(),
  password: Password.optional(),
});
export type PersonPatch = z.infer<typeof PersonPatch>;

export const SignIn = z.strictObject({
  login: z.string().min(1).max(64),
  password: z.string().min(1).max(256),
});
export type SignInInput = z.infer<typeof SignIn>;

/** Who is signed in, and what he may do somewhere; where exactly, the hub decides for every request. */
export const SessionInfo = z.object({
  person: z.object({ id: Id, login: z.string(), name: z.string(), unit: z.string(), number: z.string() }),
  roles: z.array(z.object({ id: Id, name: z.string() })),
  actions: z.array(Action),
  expiresAt: UtcMs,
  city: z.object({
    id: z.string(),
    timeZone: z.string(),
    lat: z.number(),
    lon: z.number(),
    zoom: z.number(),
  }),
  /** How far back "live" reaches, ms: what is older needs `video.archive`. */
  liveWindowMs: z.int(),
});
export type SessionInfo = z.infer<typeof SessionInfo>;

/** What the sign-in page may know before anybody signed in. */
export const PublicInfo = z.object({
  name: z.literal('kalancha'),
  version: z.string(),
  hubId: z.string(),
  /** One account per role while this is a demonstration without a real administrator; else empty. */
  demoAccounts: z.array(
    z.object({ login: z.string(), password: z.string(), roleId: z.string(), name: z.string() }),
  ),
});
export type PublicInfo = z.infer<typeof PublicInfo>;

/** Who may do what with one device, and by which grant. */
export const DeviceAccess = z.object({
  people: z.array(
    z.object({
      personId: Id,
      name: z.string(),
      login: z.string(),
      unit: z.string(),
      actions: z.array(Action),
      grantIds: z.array(Id),
      watching: z.boolean(),
    }),
  ),
});
export type DeviceAccess = z.infer<typeof DeviceAccess>;

/** What one person may do: for each action, over how many devices, and by which grants. */
export const PersonAccess = z.object({
  actions: z.array(z.object({ action: Action, devices: z.int(), cameras: z.int(), grantIds: z.array(Id) })),
});
export type PersonAccess = z.infer<typeof PersonAccess>;

/** What a change would do, told before it is made. */
export const GrantPreview = z.object({
  actions: z.array(Action),
  devicesGained: z.int(),
  devicesLost: z.int(),
  camerasGained: z.int(),
  camerasLost: z.int(),
  watchingNow: z.int(),
});
export type GrantPreview = z.infer<typeof GrantPreview>;

/** A role of one's own: what it is called and what it opens. */
export const RoleInput = z.strictObject({
  name: z.string().trim().min(1).max(120),
  actions: z
    .array(Action)
    .min(1)
    .max(Actions.length)
    .transform((actions) => Actions.filter((action) => actions.includes(action))),
});
export type RoleInput = z.infer<typeof RoleInput>;

/** Actions that open the hub itself rather than devices: given only by who manages rights in the whole city. */
export const AdministrationActions = [
  'access.manage',
  'audit.read',
  'system.configure',
] as const satisfies readonly Action[];

export const PasswordChange = z.strictObject({ old: z.string().min(1).max(256), new: Password });
export type PasswordChange = z.infer<typeof PasswordChange>;

const Flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** `active` true: neither ended nor run out; `at`: those that had been given and not yet ended at that moment. */
export const GrantQuery = z.object({
  personId: Id.optional(),
  active: Flag.optional(),
  at: QueryTime.optional(),
});
export type GrantQuery = z.infer<typeof GrantQuery>;

/** A grant that might be given, or one that might be ended. */
export const PreviewInput = z.union([GrantInput, z.strictObject({ endGrantId: Id })]);
export type PreviewInput = z.infer<typeof PreviewInput>;
