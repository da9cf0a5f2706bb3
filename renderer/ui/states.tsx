import { Button, Center, CopyButton, Group, Loader, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCopy, IconRefresh } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { HubError } from '../hub/errors.ts';
import { useErrorText } from './useErrorText.ts';

interface EmptyStateProps {
  icon?: ReactNode;
  title: string;
  /** What to do about it. */
  children?: ReactNode;
  action?: ReactNode;
}

/** Nothing to show, and why. */
export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <Center p="xl" mih={160}>
      <Stack align="center" gap="xs" maw={440}>
        {icon && (
          <ThemeIcon variant="light" color="gray" size={48} radius="xl" aria-hidden>
            {icon}
          </ThemeIcon>
        )}
        <Title order={3} size="h5" ta="center">
          {title}
        </Title>
        {children && (
          <Text c="dimmed" size="sm" ta="center" component="div">
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Center>
  );
}

/** What an administrator needs to find the cause; holds no secret. */
function report(error: unknown, text: string): string {
  const lines = [text, new Date().toISOString()];
  if (error instanceof HubError) lines.push(`code ${error.code}, status ${error.status}`, error.message);
  else if (error instanceof Error) lines.push(error.stack ?? error.message);
  return lines.join('\n');
}

interface ErrorStateProps {
  error: unknown;
  retry?: () => void;
  /** What still works. */
  children?: ReactNode;
  compact?: boolean;
}

/** What happened, what to do, a way to try again and to copy it for whoever can help. */
export function ErrorState({ error, retry, children, compact = false }: ErrorStateProps) {
  const { t } = useTranslation();
  const text = useErrorText()(error);
  return (
    <Center p={compact ? 'sm' : 'xl'} role="alert">
      <Stack align="center" gap="xs" maw={480}>
        <ThemeIcon variant="light" color="red" size={compact ? 32 : 48} radius="xl" aria-hidden>
          <IconAlertTriangle size={compact ? 18 : 26} />
        </ThemeIcon>
        <Text ta="center">{text}</Text>
        {children && (
          <Text c="dimmed" size="sm" ta="center">
            {children}
          </Text>
        )}
        <Group gap="xs" justify="center">
          {retry && (
            <Button size="xs" leftSection={<IconRefresh size={16} />} onClick={retry}>
              {t('retry')}
            </Button>
          )}
          <CopyButton value={report(error, text)}>
            {({ copied, copy }) => (
              <Button
                size="xs"
                variant="default"
                leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
                onClick={copy}
              >
                {copied ? t('copied') : t('copy')}
              </Button>
            )}
          </CopyButton>
        </Group>
      </Stack>
    </Center>
  );
}

/** Nothing for the first half second, then progress that moves: a quick answer should not flicker. */
export function Loading({ label }: { label?: string }) {
  const { t } = useTranslation();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 500);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Center p="xl" mih={120} role="status" aria-live="polite">
      {late && (
        <Stack align="center" gap="xs">
          <Loader size="sm" />
          <Text size="sm" c="dimmed">
            {label ?? t('loading')}
          </Text>
        </Stack>
      )}
    </Center>
  );
}
