import type { Shown } from '../contract/command-preview.ts';
import type { CommandSpec } from '../contract/command-spec.ts';
import type { LatestReport } from '../health/types.ts';

/** Reported power is rounded by some devices, dB. */
const POWER_TOLERANCE_DB = 0.5;
/** Uptimes are whole seconds, and a report is some time under way: a new session that seems this much too old is new, ms. */
const START_TOLERANCE_MS = 5_000;

/** What the device's last state says of that which the command is about; null when it says nothing. */
export function shownOf(spec: CommandSpec, { session, details }: LatestReport): Shown | null {
  switch (spec.kind) {
    case 'reboot':
    case 'poe-cycle': {
      if (session === null && details.uptimeS === null) return null;
      return {
        ...(details.uptimeS === null ? {} : { uptimeS: details.uptimeS }),
        ...(session === null ? {} : { session }),
      };
    }
    case 'locate':
      return details.locating === null ? null : { locating: details.locating };
    case 'radio': {
      const radio = details.radios.find(({ band }) => band === spec.band);
      if (!radio) return null;
      const { channel, widthMHz, txPowerDbm } = radio;
      return { channel, widthMHz, ...(txPowerDbm === null ? {} : { txPowerDbm }) };
    }
    case 'ssid': {
      // One name may be on air in several bands: it is so when it is so in all of them.
      const named = details.ssids.filter(({ ssid }) => ssid === spec.ssid);
      if (named.length === 0) return null;
      const all = named.every(({ enabled }) => enabled === spec.enabled);
      return { enabled: all ? spec.enabled : !spec.enabled };
    }
  }
}

/** Does the device show already what is wanted, so that nothing needs to be done? */
export function alreadySo(spec: CommandSpec, shown: Shown | null): boolean {
  if (shown === null) return false;
  switch (spec.kind) {
    case 'reboot':
    case 'poe-cycle':
      return false;
    case 'locate':
      // Blinking on for a given time is prolonged by asking again.
      return shown.locating === spec.on && spec.minutes === undefined;
    case 'radio':
    case 'ssid':
      return asWanted(spec, shown);
  }
}

function asWanted(spec: CommandSpec, shown: Shown): boolean {
  switch (spec.kind) {
    case 'radio':
      return (
        (spec.channel === undefined || shown.channel === spec.channel) &&
        (spec.widthMHz === undefined || shown.widthMHz === spec.widthMHz) &&
        (spec.txPowerDbm === undefined ||
          (shown.txPowerDbm !== undefined &&
            Math.abs(shown.txPowerDbm - spec.txPowerDbm) <= POWER_TOLERANCE_DB))
      );
    case 'ssid':
      return shown.enabled === spec.enabled;
    case 'locate':
      return shown.locating === spec.on;
    case 'reboot':
    case 'poe-cycle':
      return false;
  }
}

/**
 * Does what the device said since `sentAt` show the command's effect? For a restart: an uptime that fell or began after
 * the command; where a state tells none, or no state is ever told, another session. Over a restart of the hub nobody
 * knows whether its clock was set: a start that is only reckoned from an uptime must be after `heldSince`.
 */
export function showsEffect(
  spec: CommandSpec,
  { before, sentAt, heldSince }: { before: Shown | null; sentAt: number; heldSince: number },
  latest: LatestReport,
): boolean {
  const { reportedAt } = latest.details;
  const after = shownOf(spec, latest);
  if (after === null) return false;
  if (spec.kind !== 'reboot' && spec.kind !== 'poe-cycle')
    return reportedAt > sentAt && asWanted(spec, after);
  if (latest.lastSeenAt === null || latest.lastSeenAt <= sentAt) return false;
  const another =
    before?.session !== undefined && after.session !== undefined && after.session !== before.session;
  // A birth alone is a device's word; its next state shows whether it began anew.
  if (!(reportedAt > sentAt)) return another && Number.isNaN(reportedAt);
  if (after.uptimeS === undefined) return another;
  const fell = before?.uptimeS !== undefined && after.uptimeS < before.uptimeS;
  const began = reportedAt - after.uptimeS * 1000;
  return fell || began > (another ? sentAt - START_TOLERANCE_MS : heldSince);
}

/** A radio that shows again, or still, what it had before the command. */
export function showsOld(spec: CommandSpec, before: Shown | null, latest: LatestReport): boolean {
  const now = shownOf(spec, latest);
  return (
    before !== null &&
    now !== null &&
    now.channel === before.channel &&
    now.widthMHz === before.widthMHz &&
    now.txPowerDbm === before.txPowerDbm
  );
}
