import { Button, Group, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CommandPreview } from '../../main/contract/command-preview.ts';
import type { CommandSpec } from '../../main/contract/command-spec.ts';
import { draftOf, specOf } from './command-draft.ts';
import { commandIcons } from './command-icons.ts';
import { usePreview } from './useCommands.ts';

const POWER_CYCLE: CommandSpec | null = specOf(draftOf('poe-cycle'));
const Icon = commandIcons['poe-cycle'];

/**
 * A device that does not answer cannot restart by itself; its switch can take its power away. Offered only where the hub
 * says that this would be done: it knows the port, the switch answers, and the person may.
 */
export function PowerCycleInstead({ preview, onChosen }: { preview: CommandPreview; onChosen: () => void }) {
  const { t } = useTranslation('commands');
  const ids = useMemo(() => preview.devices.map(({ id }) => id), [preview]);
  const instead = usePreview(POWER_CYCLE, ids);
  const via = instead.data?.willRun === 1 ? instead.data.devices[0]?.via : undefined;
  if (!via) return null;
  return (
    <Group justify="space-between" gap="sm" data-testid="command-instead">
      <Text size="sm" style={{ flex: '1 1 240px' }}>
        {t('instead.why', { name: via.name, port: via.port })}
      </Text>
      <Button variant="light" leftSection={<Icon size={16} aria-hidden />} onClick={onChosen}>
        {t('kind.poe-cycle')}
      </Button>
    </Group>
  );
}
