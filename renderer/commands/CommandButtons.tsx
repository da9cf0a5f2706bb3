import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CommandKind } from '../../main/contract/command-spec.ts';
import type { Device } from '../../main/contract/device.ts';
import type { DeviceHealth } from '../../main/contract/health.ts';
import { useSession } from '../hub/session.tsx';
import { CommandDialog } from './CommandDialog.tsx';
import { bandsOf, commandsFor, draftOf, rightFor, widthIn } from './command-draft.ts';
import { commandIcons } from './command-icons.ts';
import classes from './commands.module.css';

interface CommandButtonsProps {
  device: Pick<Device, 'id' | 'kind' | 'name'>;
  health: DeviceHealth | undefined;
  /** `page` grows large on a telephone, `card` is small everywhere. */
  layout: 'page' | 'card';
}

/** What one device can be told. Absent for who may command nothing; whether here, the hub decides. */
export function CommandButtons({ device, health, layout }: CommandButtonsProps) {
  const { t } = useTranslation('commands');
  const { can } = useSession();
  const [kind, setKind] = useState<CommandKind | null>(null);
  const { id, name } = device;
  const [devices] = useState([{ id, name }]);
  if (!can(rightFor(device.kind))) return null;
  const ssids = health?.ssids ?? [];
  const radios = health?.radios ?? [];
  const [band = '2.4'] = bandsOf(radios);
  return (
    <div className={classes.buttons} data-layout={layout} role="toolbar" aria-label={t('title')}>
      {commandsFor(device.kind).map((one) => {
        const Icon = commandIcons[one];
        return (
          <Button
            key={one}
            size={layout === 'card' ? 'xs' : 'sm'}
            variant={one === 'locate' && health?.locating ? 'filled' : 'default'}
            leftSection={<Icon size={layout === 'card' ? 15 : 18} aria-hidden />}
            onClick={() => setKind(one)}
            data-testid={`command-${one}`}
          >
            {t(`kind.${one}`)}
          </Button>
        );
      })}
      {kind && (
        <CommandDialog
          first={draftOf(kind, {
            on: !health?.locating,
            ssid: ssids[0]?.ssid ?? '',
            enabled: ssids[0]?.enabled === false,
            band,
            widthMHz: widthIn(radios, band),
          })}
          devices={devices}
          ssids={ssids.map(({ ssid }) => ssid)}
          radios={radios}
          onClose={() => setKind(null)}
        />
      )}
    </div>
  );
}
