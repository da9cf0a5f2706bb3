import { AppError } from '../base/errors.ts';
import type { CommandWarning } from '../contract/command-preview.ts';
import type { CommandKind, CommandSpec } from '../contract/command-spec.ts';
import type { DeviceKind } from '../contract/device.ts';
import { channelAllowed, indoorOnly, MAX_TX_POWER_DBM, needsRadarWatch } from '../contract/radio-plan.ts';

export type RadioSpec = Extract<CommandSpec, { kind: 'radio' }>;

/** Seconds after which a point that did not come back takes its radio's change back. With radar to listen for, later. */
const REVERT_AFTER_S = 90;
const REVERT_AFTER_RADAR_S = 180;

/** Which kinds of device can be told what. */
const KINDS: Readonly<Record<CommandKind, readonly DeviceKind[]>> = {
  reboot: ['ap', 'camera', 'switch'],
  'poe-cycle': ['ap', 'camera'],
  locate: ['ap', 'switch'],
  radio: ['ap'],
  ssid: ['ap'],
};

export const takesCommand = (kind: DeviceKind, command: CommandKind): boolean =>
  KINDS[command].includes(kind);

/** Of one group, a device has one command at a time: a restart is a restart, by whichever way. */
export const groupOf = (kind: CommandKind): CommandGroup => (kind === 'poe-cycle' ? RESTART : kind);
export type CommandGroup = Exclude<CommandKind, 'poe-cycle'>;
export const RESTART = 'reboot' satisfies CommandGroup;

/** Groups of which a device does one thing at a time. The lamp blinks beside all of them. */
export const EXCLUSIVE_GROUPS = [RESTART, 'radio', 'ssid'] as const satisfies readonly CommandGroup[];
export const isExclusive = (kind: CommandKind): boolean =>
  EXCLUSIVE_GROUPS.some((group) => group === groupOf(kind));

/**
 * Commands after which a device may be silent for a while, as it must: a restart by either way, and a radio's change
 * at a point that reaches the network by radio.
 */
export const CUTTING_OFF = ['reboot', 'poe-cycle', 'radio'] as const satisfies readonly CommandKind[];
export type CuttingOff = (typeof CUTTING_OFF)[number];

export const cutsOff = (kind: CommandKind): kind is CuttingOff => CUTTING_OFF.some((one) => one === kind);

/**
 * Refuses what cannot be done anywhere.
 * @throws AppError `radio-nothing`, `channel-without-width`, `channel-not-allowed`, `power-not-allowed`, `locate-minutes`
 */
export function refuseBadSpec(spec: CommandSpec): void {
  if (spec.kind === 'locate' && !spec.on && spec.minutes !== undefined)
    throw new AppError('locate-minutes', 400, 'Minutes are given only where the lamp is to blink.');
  if (spec.kind !== 'radio') return;
  const { band, channel, widthMHz, txPowerDbm } = spec;
  if (channel === undefined && widthMHz === undefined && txPowerDbm === undefined)
    throw new AppError('radio-nothing', 400, 'Give a channel with its width, or a power, or both.');
  if ((channel === undefined) !== (widthMHz === undefined))
    throw new AppError(
      'channel-without-width',
      400,
      'Give channel and width together: whether a channel may be used depends on its width.',
    );
  if (channel !== undefined && widthMHz !== undefined && !channelAllowed(band, channel, widthMHz))
    throw new AppError(
      'channel-not-allowed',
      400,
      `Channel ${channel}, ${widthMHz} MHz wide, may not be used in the ${band} GHz band in Russia. Choose another channel or a smaller width.`,
      { channel, width: widthMHz, band },
    );
  if (txPowerDbm !== undefined && txPowerDbm > MAX_TX_POWER_DBM)
    throw new AppError(
      'power-not-allowed',
      400,
      `More than ${MAX_TX_POWER_DBM} dBm is not allowed in Russia. Give less.`,
      { max: MAX_TX_POWER_DBM },
    );
}

/** What is to be known of the command itself, whatever the device. */
export function warningsOf(spec: CommandSpec): CommandWarning[] {
  if (spec.kind !== 'radio' || spec.channel === undefined || spec.widthMHz === undefined) return [];
  const { band, channel, widthMHz } = spec;
  const warnings: CommandWarning[] = [];
  if (needsRadarWatch(band, channel, widthMHz)) warnings.push('dfs');
  if (indoorOnly(band)) warnings.push('indoor-only');
  if (band === '2.4' && widthMHz > 20) warnings.push('wide-in-2.4');
  return warnings;
}

export function revertAfterS(spec: RadioSpec): number {
  const { band, channel, widthMHz } = spec;
  const radar = channel !== undefined && widthMHz !== undefined && needsRadarWatch(band, channel, widthMHz);
  return spec.revertAfterS ?? (radar ? REVERT_AFTER_RADAR_S : REVERT_AFTER_S);
}
