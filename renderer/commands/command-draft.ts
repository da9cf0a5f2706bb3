import type { Action } from '../../main/contract/access.ts';
import type { CommandPreview } from '../../main/contract/command-preview.ts';
import type { CommandKind, CommandSpec } from '../../main/contract/command-spec.ts';
import type { DeviceKind } from '../../main/contract/device.ts';
import { type Band, Bands, channelAllowed, type Width, widthsOf } from '../../main/contract/radio-plan.ts';

/** Which commands a kind of device is offered, the most wanted first; whether it takes one, the hub decides. */
const OFFERED: Readonly<Record<DeviceKind, readonly CommandKind[]>> = {
  ap: ['locate', 'reboot', 'poe-cycle', 'radio', 'ssid'],
  switch: ['locate', 'reboot'],
  camera: ['reboot', 'poe-cycle'],
};

export const commandsFor = (kind: DeviceKind): readonly CommandKind[] => OFFERED[kind];

/** By which right: cameras are commanded by those who see to cameras. Whether here, the hub decides. */
export const rightFor = (kind: DeviceKind): Action => (kind === 'camera' ? 'device.edit' : 'wifi.command');

/** What a person has filled in so far. */
export interface Draft {
  kind: CommandKind;
  offS: number;
  on: boolean;
  minutes: number;
  band: Band;
  /** Null leaves it as it is. */
  channel: number | null;
  widthMHz: Width;
  txPowerDbm: number | null;
  ssid: string;
  enabled: boolean;
}

export const draftOf = (kind: CommandKind, known: Partial<Draft> = {}): Draft => ({
  kind,
  offS: 5,
  on: true,
  minutes: 15,
  band: '2.4',
  channel: null,
  widthMHz: 20,
  txPowerDbm: null,
  ssid: '',
  enabled: false,
  ...known,
});

/** The bands of radios that were reported, in order; all of them where nothing was. */
export function bandsOf(radios: readonly { band: Band }[]): readonly Band[] {
  const reported = new Set(radios.map(({ band }) => band));
  return reported.size === 0 ? Bands : Bands.filter((band) => reported.has(band));
}

/** What is known of a radio before it is told something. */
export interface KnownRadio {
  band: Band;
  widthMHz: number;
}

/** The width that all radios of the band have; the narrowest where they differ: a channel alone changes no width. */
export function widthIn(radios: readonly KnownRadio[], band: Band): Width {
  const [narrowest = 20] = widthsOf(band);
  const reported = new Set(radios.filter((radio) => radio.band === band).map(({ widthMHz }) => widthMHz));
  return widthsOf(band).find((width) => reported.size === 1 && reported.has(width)) ?? narrowest;
}

/** Another band or width: keeps what still goes together, gives up the channel where it does not. */
export function withRadio(draft: Draft, change: Partial<Pick<Draft, 'band' | 'widthMHz'>>): Draft {
  const next = { ...draft, ...change };
  const [narrowest = 20] = widthsOf(next.band);
  const widthMHz = widthsOf(next.band).includes(next.widthMHz) ? next.widthMHz : narrowest;
  const fits =
    next.band === draft.band && next.channel !== null && channelAllowed(next.band, next.channel, widthMHz);
  return { ...next, widthMHz, channel: fits ? next.channel : null };
}

/** What a network's name may take on air (IEEE 802.11-2020, 9.4.2.2); a Russian letter takes two. */
export const MAX_SSID_BYTES = 32;
export const isSsidTooLong = (ssid: string): boolean =>
  new TextEncoder().encode(ssid.trim()).length > MAX_SSID_BYTES;

/** What is asked of the hub; null while something is missing. */
export function specOf(draft: Draft): CommandSpec | null {
  const { kind, channel, txPowerDbm } = draft;
  switch (kind) {
    case 'reboot':
      return { kind };
    case 'poe-cycle':
      return { kind, offS: draft.offS };
    case 'locate':
      return draft.on ? { kind, on: true, minutes: draft.minutes } : { kind, on: false };
    case 'radio':
      if (channel === null && txPowerDbm === null) return null;
      return {
        kind,
        band: draft.band,
        ...(channel === null ? {} : { channel, widthMHz: draft.widthMHz }),
        ...(txPowerDbm === null ? {} : { txPowerDbm }),
      };
    case 'ssid': {
      const ssid = draft.ssid.trim();
      return ssid === '' || isSsidTooLong(ssid) ? null : { kind, ssid, enabled: draft.enabled };
    }
  }
}

/** From so many devices on, what takes people off the network is confirmed by typing their number. */
export const TYPED_FROM = 10;

/** Whether it takes people or devices off the network, if only for a while. */
export function isDisruptive(spec: CommandSpec): boolean {
  switch (spec.kind) {
    case 'reboot':
    case 'poe-cycle':
      return true;
    case 'radio':
      return spec.channel !== undefined;
    case 'ssid':
      return !spec.enabled;
    case 'locate':
      return false;
  }
}

/** Whether it was refused one device that cannot hear it, but whose power comes through a switch that may. */
export const powerCycleMayHelp = ({
  command,
  devices,
}: Pick<CommandPreview, 'command' | 'devices'>): boolean => {
  const [only] = devices;
  return (
    command.kind === 'reboot' &&
    devices.length === 1 &&
    only?.skip === 'offline' &&
    only.kind !== null &&
    commandsFor(only.kind).includes('poe-cycle')
  );
};

/** Whether a click alone is too little. */
export const needsTyping = ({ command, willRun }: Pick<CommandPreview, 'command' | 'willRun'>): boolean =>
  willRun >= TYPED_FROM && isDisruptive(command);
