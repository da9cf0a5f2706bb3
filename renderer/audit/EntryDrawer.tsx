import { Button, Code, CopyButton, Drawer, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../main/contract/audit.ts';
import { useFormat } from '../ui/useFormat.ts';
import classes from './audit.module.css';
import { EntryData } from './EntryData.tsx';
import { doneByHub } from './subject.ts';

interface EntryDrawerProps {
  entry: AuditEntry | null;
  onClose: () => void;
  onPerson: (personId: string) => void;
  onSubject: (subject: string) => void;
}

/** One entry in full, as it stands in the chain. */
export function EntryDrawer({ entry, onClose, onPerson, onSubject }: EntryDrawerProps) {
  const { t } = useTranslation(['audit', 'common']);
  const format = useFormat();
  return (
    <Drawer
      opened={entry !== null}
      onClose={onClose}
      position="right"
      size="min(100vw, 520px)"
      title={entry ? t('entry', { seq: entry.seq }) : ''}
      overlayProps={{ backgroundOpacity: 0.25 }}
      data-testid="audit-entry"
    >
      {entry && (
        <Stack>
          <Title order={3} size="h4">
            {t(`kinds.${entry.kind}`)}
          </Title>
          <dl className={classes.facts}>
            <dt>{t('column.at')}</dt>
            <dd>{format.dateTime(entry.at)}</dd>
            <dt>{t('column.person')}</dt>
            <dd>{entry.personName || t(doneByHub(entry) ? 'hub' : 'stranger')}</dd>
            <dt>{t('column.from')}</dt>
            <dd>{entry.from || '—'}</dd>
            <dt>{t('column.subject')}</dt>
            <dd>{entry.subject || '—'}</dd>
            <dt>{t('hash')}</dt>
            <dd>
              <Code className={classes.hash}>{entry.hash}</Code>
            </dd>
          </dl>
          <div>
            <Text size="sm" fw={600} mb={4}>
              {t('data')}
            </Text>
            {Object.keys(entry.data).length === 0 ? (
              <Text size="sm" c="dimmed">
                {t('no-data')}
              </Text>
            ) : (
              <EntryData data={entry.data} />
            )}
          </div>
          <Group gap={8}>
            {entry.personId !== null && (
              <Button
                size="xs"
                variant="default"
                onClick={() => {
                  onPerson(entry.personId ?? '');
                  onClose();
                }}
              >
                {t('only-person')}
              </Button>
            )}
            {entry.subject !== '' && (
              <Button
                size="xs"
                variant="default"
                onClick={() => {
                  onSubject(entry.subject);
                  onClose();
                }}
              >
                {t('only-subject')}
              </Button>
            )}
            <CopyButton value={JSON.stringify(entry)}>
              {({ copied, copy }) => (
                <Button size="xs" variant="default" onClick={copy}>
                  {copied ? t('common:copied') : t('common:copy')}
                </Button>
              )}
            </CopyButton>
          </Group>
        </Stack>
      )}
    </Drawer>
  );
}
