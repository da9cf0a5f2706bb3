import { Code, List, Spoiler, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RepairFinding } from '../../main/contract/recording.ts';

/** What was repaired when the disk was last taken in. */
export function DiskFindings({ findings, count }: { findings: readonly RepairFinding[]; count: number }) {
  const { t } = useTranslation('disks');
  if (count === 0) return null;
  return (
    <section>
      <Text size="sm" fw={600}>
        {t('found')}
      </Text>
      <Spoiler maxHeight={72} showLabel={t('show-all')} hideLabel={t('show-less')}>
        <List size="sm">
          {findings.map(({ kind, path, detail }) => (
            <List.Item key={`${kind} ${path}`} title={detail}>
              <Code>{path}</Code> {t(`finding.${kind}`)}
            </List.Item>
          ))}
        </List>
      </Spoiler>
      {count > findings.length && (
        <Text size="sm" c="dimmed">
          {t('found-more', { shown: findings.length, count })}
        </Text>
      )}
    </section>
  );
}
