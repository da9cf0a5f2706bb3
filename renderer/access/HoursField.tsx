import { ActionIcon, Button, Chip, Group, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TimeOfDayField } from '../time/TimeOfDayField.tsx';
import { type HoursRow, minutesOf } from './grant-form.ts';

const DAYS = ['1', '2', '3', '4', '5', '6', '7'] as const;

interface HoursFieldProps {
  rows: readonly HoursRow[];
  onChange: (rows: HoursRow[]) => void;
  error: string | undefined;
}

/** Hours of the week in which a right holds. */
export function HoursField({ rows, onChange, error }: HoursFieldProps) {
  const { t } = useTranslation('access');
  const set = (at: number, change: Partial<HoursRow>) =>
    onChange(rows.map((row, i) => (i === at ? { ...row, ...change } : row)));
  const overnight = ({ from, to }: HoursRow) => (minutesOf(to) ?? 0) < (minutesOf(from) ?? 0);
  return (
    <Stack gap={8}>
      {rows.map((row, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name; each field is controlled
        <Group key={i} gap={8} align="flex-end" justify="space-between" wrap="wrap">
          <Chip.Group
            multiple
            value={row.days.map(String)}
            onChange={(days) => set(i, { days: days.map(Number).sort() })}
          >
            <Group gap={4} role="group" aria-label={t('dialog.days')}>
              {DAYS.map((day) => (
                <Chip key={day} value={day} size="xs">
                  {t(`days-short.${day}`)}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
          <Group gap={8} wrap="nowrap" align="flex-end">
            <TimeOfDayField
              size="xs"
              label={t('dialog.hours-from')}
              value={row.from}
              onChange={(from) => set(i, { from })}
            />
            <TimeOfDayField
              size="xs"
              label={t('dialog.hours-to')}
              value={row.to}
              onChange={(to) => set(i, { to })}
            />
            {overnight(row) && (
              <Text size="xs" c="dimmed">
                {t('dialog.hours-night')}
              </Text>
            )}
            {rows.length > 1 && (
              <ActionIcon
                variant="default"
                size={30}
                aria-label={t('dialog.hours-remove')}
                onClick={() => onChange(rows.filter((_, at) => at !== i))}
              >
                <IconTrash size={15} />
              </ActionIcon>
            )}
          </Group>
        </Group>
      ))}
      {error && (
        <Text size="xs" c="red.5">
          {error}
        </Text>
      )}
      <Button
        size="compact-xs"
        variant="default"
        w="fit-content"
        leftSection={<IconPlus size={13} aria-hidden />}
        onClick={() => onChange([...rows, { days: [6, 7], from: '10:00', to: '16:00' }])}
      >
        {t('dialog.hours-add')}
      </Button>
    </Stack>
  );
}
