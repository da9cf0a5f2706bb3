import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Shown, type SkipReason, SkipReasons } from '../../main/contract/command-preview.ts';
import type { Command, CommandReason, CommandRun } from '../../main/contract/command-runs.ts';
import type { CommandSpec } from '../../main/contract/command-spec.ts';
import { useFormat } from '../ui/useFormat.ts';
import { tally } from './run-state.ts';

const isSkip = (reason: CommandReason): reason is SkipReason => SkipReasons.some((skip) => skip === reason);

/** What of the one is not the same in the other. */
function differing(one: Shown | null, other: Shown | null): Shown | null {
  if (!one || !other) return one;
  return Shown.parse(
    Object.fromEntries(Object.entries(one).filter(([name, value]) => other[name as keyof Shown] !== value)),
  );
}

/** What commands and their ends are called. */
export function useCommandWords() {
  const { t } = useTranslation('commands');
  const format = useFormat();
  return useMemo(() => {
    const ghz = (band: string) => format.number(Number(band), 1);
    const spec = (command: CommandSpec): string => {
      switch (command.kind) {
        case 'reboot':
          return t('spec.reboot');
        case 'poe-cycle':
          return t('spec.poe-cycle', { seconds: format.number(command.offS) });
        case 'locate':
          return t(command.on ? 'spec.locate-on' : 'spec.locate-off');
        case 'ssid':
          return t(command.enabled ? 'spec.ssid-on' : 'spec.ssid-off', { ssid: command.ssid });
        case 'radio': {
          const { channel, widthMHz, txPowerDbm } = command;
          const values = {
            band: ghz(command.band),
            channel: channel ?? 0,
            width: format.number(widthMHz ?? 0),
            power: format.number(txPowerDbm ?? 0),
          };
          if (channel === undefined) return t('spec.power', values);
          return t(txPowerDbm === undefined ? 'spec.channel' : 'spec.channel-power', values);
        }
      }
    };
    /** `канал 6, 20 МГц`; empty where nothing is known. */
    const shown = (values: Shown | null): string => {
      if (!values) return '';
      const { channel, widthMHz, txPowerDbm, enabled, locating, uptimeS } = values;
      return [
        channel !== undefined && t('shown.channel', { value: channel }),
        widthMHz !== undefined && t('shown.width', { value: format.number(widthMHz) }),
        txPowerDbm !== undefined && t('shown.power', { value: format.number(txPowerDbm) }),
        enabled !== undefined && t(enabled ? 'shown.enabled' : 'shown.disabled'),
        locating !== undefined && t(locating ? 'shown.locating' : 'shown.not-locating'),
        uptimeS !== undefined && t('shown.uptime', { value: format.duration(uptimeS * 1000) }),
      ]
        .filter((text) => text !== false)
        .join(', ');
    };
    const why = (reason: CommandReason): string =>
      isSkip(reason) ? t(`skip.${reason}`) : t(`reason.${reason}`);
    return {
      spec,
      /** `Перезагрузка · Арбат 1`: of a single device, with its name. */
      run: ({ spec: command, device }: Pick<CommandRun, 'spec' | 'device'>): string =>
        [spec(command), device?.name].filter(Boolean).join(' · '),
      /** How a run stands, and why; of one device alone that failed, just that. */
      runState: ({ state, stateReason, counts }: Pick<CommandRun, 'state' | 'stateReason' | 'counts'>) => {
        if (state === 'stopped' && stateReason === 'failures' && tally(counts).total === 1)
          return t('run-state.failed');
        const named = t(`run-state.${state}`);
        return stateReason === null ? named : t('run-state.because', { named, why: t(`run.${stateReason}`) });
      },
      shown,
      why,
      /** Why it ended so, in our words and the device's own; empty while it goes on. */
      whyOf: ({ reason, deviceReason }: Pick<Command, 'reason' | 'deviceReason'>): string =>
        [
          // "So it answered" says nothing that its own words do not.
          reason && !(reason === 'device-said' && deviceReason) && why(reason),
          deviceReason && `«${deviceReason}»`,
        ]
          .filter(Boolean)
          .join(': '),
      /** `канал 6 → канал 11`; empty before. */
      effect: ({ before, after }: Pick<Command, 'before' | 'after'>): string => {
        const [was, is] = [shown(differing(before, after)), shown(differing(after, before))];
        return was && is ? t('shown.change', { before: was, after: is }) : is;
      },
    };
  }, [t, format]);
}
