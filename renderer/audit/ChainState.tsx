import { Alert, Button, Group, Skeleton, Text, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconShieldCheck, IconShieldQuestion, IconShieldX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../ui/states.tsx';
import { useErrorText } from '../ui/useErrorText.ts';
import { useFormat } from '../ui/useFormat.ts';
import classes from './audit.module.css';
import { useAuditChain, useVerify } from './useAudit.ts';

/** Is the record whole? What the last verification found, and a way to ask again. */
export function ChainState() {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const errorText = useErrorText();
  const chain = useAuditChain();
  const verify = useVerify();
  if (chain.isError && !chain.data)
    return <ErrorState compact error={chain.error} retry={() => void chain.refetch()} />;
  if (!chain.data) return <Skeleton h={44} />;
  const { entries, checkpoints, lastCheckpointAt, verified } = chain.data;
  const Icon = !verified ? IconShieldQuestion : verified.ok ? IconShieldCheck : IconShieldX;
  const color = !verified ? 'gray' : verified.ok ? 'teal' : 'red';
  const ask = () =>
    verify.mutate(undefined, {
      onSuccess: (verdict) =>
        notifications.show(
          verdict.ok
            ? { color: 'teal', message: t('chain.verified-ok', { count: verdict.entries }) }
            : {
                color: 'red',
                autoClose: false,
                message: t('chain.problem', { problem: verdict.problem ?? '' }),
              },
        ),
      onError: (error) => notifications.show({ color: 'red', message: errorText(error) }),
    });
  return (
    <>
      <Group
        className={classes.chain}
        gap="md"
        data-testid="chain"
        data-verified={String(verified?.ok ?? 'never')}
      >
        <Tooltip label={t('chain.explain')} multiline maw={340}>
          <Group gap={8} wrap="nowrap">
            <Icon size={20} color={`var(--mantine-color-${color}-5)`} aria-hidden />
            <Text size="sm" fw={600}>
              {t('chain.title')}
            </Text>
          </Group>
        </Tooltip>
        <Text size="sm">
          {verified
            ? t(verified.ok ? 'chain.ok' : 'chain.broken', { time: format.dateTime(verified.at) })
            : t('chain.never')}
        </Text>
        <Text size="sm" c="dimmed" className="tabular" style={{ flex: 1 }}>
          {t('chain.entries', { count: entries })} · {t('chain.checkpoints', { count: checkpoints })}
          {lastCheckpointAt !== null &&
            ` (${t('chain.last-checkpoint', { time: format.dateTime(lastCheckpointAt) })})`}
        </Text>
        <Button size="xs" variant="default" loading={verify.isPending} onClick={ask} data-testid="verify">
          {t(verify.isPending ? 'chain.verifying' : 'chain.verify')}
        </Button>
      </Group>
      {verified && !verified.ok && (
        <Alert color="red" icon={<IconShieldX size={18} />}>
          {t('chain.problem', { problem: verified.problem ?? '' })}
        </Alert>
      )}
    </>
  );
}
