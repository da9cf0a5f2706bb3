import { IconAntenna, IconBulb, IconPlug, IconRefresh, IconWifi, type TablerIcon } from '@tabler/icons-react';
import type { CommandKind } from '../../main/contract/command-spec.ts';

export const commandIcons: Readonly<Record<CommandKind, TablerIcon>> = {
  locate: IconBulb,
  reboot: IconRefresh,
  'poe-cycle': IconPlug,
  radio: IconAntenna,
  ssid: IconWifi,
};
