import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CommandKind } from '../../main/contract/command-spec.ts';
import type { DeviceKind } from '../../main/contract/device.ts';
import { useDeviceHealth } from '../hub/devices.ts';
import { useSession } from '../hub/session.tsx';
import { CommandDialog } from './CommandDialog.tsx';
import { bandsOf, commandsFor, draftOf, type KnownRadio, rightFor, widthIn } from './command-draft.ts';
import { commandIcons } from './command-icons.ts';

interface CommandMenuProps {
  kind: DeviceKind;
  devices: readonly { id: string; name: string; radios: readonly KnownRadio[] }[];
}

/** Commands to all that are selected. Absent for who may command nothing. */
export function CommandMenu({ kind, devices }: CommandMenuProps) {
  const { t } = useTranslation('commands');
  const { can } = useSession();
  const [chosen, setChosen] = useState<Omit<ManyProps, 'onClose'> | null>(null);
  if (!can(rightFor(kind))) return null;
  return (
    <>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button
            size="xs"
            rightSection={<IconChevronDown size={15} aria-hidden />}
            data-testid="command-menu"
          >
            {t('more')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {commandsFor(kind).map((one) => {
            const Icon = commandIcons[one];
            return (
              <Menu.Item
                key={one}
                leftSection={<Icon size={16} aria-hidden />}
                // What is selected now: rows that change meanwhile change nothing that was agreed to.
                onClick={() =>
                  setChosen({
                    kind: one,
                    devices: devices.map(({ id, name }) => ({ id, name })),
                    radios: devices.flatMap(({ radios }) => radios),
                  })
                }
              >
                {t(`kind.${one}`)}
              </Menu.Item>
            );
          })}
        </Menu.Dropdown>
      </Menu>
      {chosen && <Many {...chosen} onClose={() => setChosen(null)} />}
    </>
  );
}

interface ManyProps {
  kind: CommandKind;
  devices: readonly { id: string; name: string }[];
  /** Of any of them: where one has no such radio, the preview leaves it out. */
  radios: readonly KnownRadio[];
  onClose: () => void;
}

/** The first of them says which networks there may be. */
function Many({ kind, devices, radios, onClose }: ManyProps) {
  const { data } = useDeviceHealth(devices[0]?.id ?? '');
  const [band = '2.4'] = bandsOf(radios);
  return (
    <CommandDialog
      first={draftOf(kind, { band, widthMHz: widthIn(radios, band) })}
      devices={devices}
      ssids={data?.ssids.map(({ ssid }) => ssid) ?? []}
      radios={radios}
      onClose={onClose}
    />
  );
}
