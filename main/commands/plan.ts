import type { CommandWarning, PreviewDevice, SkipReason } from '../contract/command-preview.ts';
import type { CommandSpec } from '../contract/command-spec.ts';
import type { DeviceRecord } from '../devices/types.ts';
import type { LatestReport } from '../health/types.ts';
import type { Holder } from './claims.ts';
import { alreadySo, shownOf } from './effect.ts';
import { findPort } from './ports.ts';
import { takesCommand } from './spec.ts';

/** A clock this far off is worth a word, ms. */
const SKEW_TOLD_MS = 30_000;

export interface PlanServices {
  get(id: string): DeviceRecord | undefined;
  latest(device: DeviceRecord): LatestReport;
  /** May whoever asks command this device? */
  may(device: DeviceRecord): boolean;
  /** The command there, or where it would be felt, beside which this one cannot be. */
  conflict(device: DeviceRecord, executor: DeviceRecord): Holder | undefined;
  /** All that hangs below a switch, at whatever distance. */
  below(device: DeviceRecord): readonly DeviceRecord[];
}

/** What a command will do at one device. */
export interface DevicePlan
  extends Pick<PreviewDevice, 'skip' | 'warnings' | 'clients' | 'children' | 'now'> {
  /** Who is told: of a `poe-cycle` the switch, else the device itself. */
  executor: DeviceRecord;
  port: string | null;
  /** What it would have to wait for, where it is left out as `busy`. */
  holder: Holder | null;
}

/** Looks at one device as it is now. Asked for the preview and again before the command is sent. */
export function planDevice(spec: CommandSpec, device: DeviceRecord, services: PlanServices): DevicePlan {
  const latest = services.latest(device);
  const plan: DevicePlan = {
    ...{ skip: null, warnings: [], clients: 0, children: 0 },
    ...{ now: shownOf(spec, latest), executor: device, port: null, holder: null },
  };
  const skip = (reason: SkipReason): DevicePlan => ({ ...plan, skip: reason });
  if (!services.may(device)) return { ...skip('no-right'), now: null };
  if (!takesCommand(device.kind, spec.kind)) return skip('wrong-kind');

  if (spec.kind === 'poe-cycle') {
    const port = findPort(device, services);
    if (!port.found) return skip(port.reason);
    plan.executor = port.switch;
    plan.port = port.port;
  }
  // Before its absence: what is silent because somebody restarts it is busy, not dead.
  plan.holder = services.conflict(device, plan.executor) ?? null;
  if (plan.holder) return skip('busy');
  const absent = absence(services.latest(plan.executor));
  if (absent !== null) return skip(plan.executor === device ? absent : 'switch-offline');
  if (!listens(services.latest(plan.executor))) return skip('takes-none');
  const below = spec.kind === 'reboot' && device.kind === 'switch' ? services.below(device) : [];
  if (!below.every(services.may)) return skip('no-right-below');

  const missing = missingPart(spec, latest);
  if (missing !== null) return skip(missing);
  if (alreadySo(spec, plan.now)) return skip('already-so');

  plan.children = below.length;
  plan.clients = clientsCut(spec, [device, ...below].map(services.latest));
  plan.warnings = warningsAt(spec, plan, latest, services.latest(plan.executor));
  return plan;
}

/** Why the device cannot be reached now; null when it can. */
function absence({ base, unknownSince }: LatestReport): 'never-seen' | 'offline' | 'unknown' | null {
  if (base === 'never-seen' || base === 'offline') return base;
  return unknownSince === null ? null : 'unknown';
}

/** Whether it speaks the dialect that commands are told in: a camera known by its stream alone does not. */
const listens = ({ lastSeenAt, onlyForeign }: LatestReport): boolean => lastSeenAt !== null && !onlyForeign;

/** A state was told, and what the command is about is not in it. */
function missingPart(spec: CommandSpec, { details }: LatestReport): 'no-radio' | 'no-ssid' | null {
  if (Number.isNaN(details.reportedAt)) return null;
  if (spec.kind === 'radio' && !details.radios.some(({ band }) => band === spec.band)) return 'no-radio';
  if (spec.kind === 'ssid' && !details.ssids.some(({ ssid }) => ssid === spec.ssid)) return 'no-ssid';
  return null;
}

/** People who lose their connection, at most: which radio a client is on is not told. Null where none is known of. */
function clientsCut(spec: CommandSpec, cut: readonly LatestReport[]): number | null {
  switch (spec.kind) {
    case 'reboot':
    case 'poe-cycle': {
      const known = cut.flatMap(({ details }) => details.clientCount ?? []);
      return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
    }
    case 'radio':
      return spec.channel === undefined ? 0 : (cut[0]?.details.clientCount ?? null);
    case 'ssid':
      if (spec.enabled) return 0;
      return (cut[0]?.details.ssids ?? [])
        .filter(({ ssid, enabled }) => enabled && ssid === spec.ssid)
        .reduce((sum, { clients }) => sum + clients, 0);
    case 'locate':
      return 0;
  }
}

function warningsAt(
  spec: CommandSpec,
  { clients, children }: DevicePlan,
  { status, base, details }: LatestReport,
  { skewMs }: LatestReport,
): CommandWarning[] {
  const warnings: CommandWarning[] = [];
  if ((clients ?? 0) > 0) warnings.push('cuts-clients');
  if (children > 0) warnings.push('cuts-children');
  if (status === 'maintenance' || status === 'flapping') warnings.push(status);
  if (base === 'suspect' || base === 'bad-data') warnings.push(base);
  if (Math.abs(skewMs ?? 0) > SKEW_TOLD_MS) warnings.push('skewed-clock');
  const others = details.ssids.filter(
    ({ ssid, enabled }) => enabled && (spec.kind !== 'ssid' || ssid !== spec.ssid),
  );
  if (spec.kind === 'ssid' && !spec.enabled && others.length === 0) warnings.push('last-ssid');
  return warnings;
}
