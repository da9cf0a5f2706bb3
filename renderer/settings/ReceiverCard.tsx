import { Badge, Button, Code, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import type { NoticeReceiver } from '../../main/contract/notices.ts';
import { Facts } from '../device/Facts.tsx';
import { useErrorText } from '../ui/useErrorText.ts';
import { useFormat } from '../ui/useFormat.ts';
import { useTroubleText } from '../ui/useTroubleText.ts';
import { useTestReceiver } from './useNoticeReceivers.ts';

const COLORS = { unused: 'gray', working: 'teal', failing: 'red' } as const;

/** One receiver of notices: what is wrong and what to do first, figures after. */
export function ReceiverCard({ receiver }: { receiver: NoticeReceiver }) {
  const { t } = useTranslation('notices');
  const format = useFormat();
  const errorText = useErrorText();
  const troubleText = useTroubleText();
  const test = useTestReceiver();
  const { name, kind, host, state, problem, lastSentAt, lastFailedAt, nextTryAt } = receiver;
  const failing = state === 'failing';
  const title = t(`kind.${kind}`, { host });
  const send = () =>
    test.mutate(name, {
      onSuccess: () => notifications.show({ message: t('tested', { receiver: title }) }),
    });
  return (
    <Paper withBorder p="md" component="article" data-testid={`receiver-${name}`} data-state={state}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Title order={3} size="h4" style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Title>
          <Badge
            color={COLORS[state]}
            variant={failing ? 'filled' : 'light'}
            autoContrast
            style={{ flexShrink: 0 }}
          >
            {t(`state.${state}`)}
          </Badge>
        </Group>
        {failing && (
          <Text size="sm" role="alert" fw={500} style={{ overflowWrap: 'anywhere' }}>
            {t('failing', { said: problem === null ? '' : troubleText(problem) })}
          </Text>
        )}
        <Facts
          facts={[
            { name: t('severity'), value: t(`severities.${receiver.minSeverity}`) },
            { name: t('sent'), value: lastSentAt === null ? t('never') : format.dateTime(lastSentAt) },
            { name: t('waiting'), value: format.number(receiver.waiting) },
            { name: t('next'), value: nextTryAt === null ? null : format.time(nextTryAt) },
            { name: t('failed'), value: lastFailedAt === null ? null : format.dateTime(lastFailedAt) },
            {
              name: t('lost'),
              value:
                receiver.lastGivenUpAt === null
                  ? null
                  : t('lost-value', {
                      notices: format.number(receiver.givenUp),
                      time: format.dateTime(receiver.lastGivenUpAt),
                    }),
            },
            { name: t('name'), value: <Code>{name}</Code> },
          ]}
        />
        {test.error && (
          <Text size="sm" c="red" role="alert" style={{ overflowWrap: 'anywhere' }}>
            {errorText(test.error)}
          </Text>
        )}
        <Group>
          <Button variant="default" loading={test.isPending} onClick={send}>
            {t('test')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
