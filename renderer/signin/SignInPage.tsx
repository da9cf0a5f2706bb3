import { Alert, Button, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type EndReason, usePublicInfo } from '../hub/session.tsx';
import { LanguageSwitch } from '../ui/LanguageSwitch.tsx';
import { Mark } from '../ui/Mark.tsx';
import { ErrorState } from '../ui/states.tsx';
import { useErrorText } from '../ui/useErrorText.ts';
import { DemoAccounts } from './DemoAccounts.tsx';
import classes from './SignInPage.module.css';
import { useSignIn } from './useSignIn.ts';

export interface SignInPageProps {
  /** Set when a session ended by itself. */
  reason: EndReason | null;
  onSignedIn: () => void;
}

/** The door. */
export function SignInPage({ reason, onSignedIn }: SignInPageProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const info = usePublicInfo();
  const { signIn, pending, error, waitS } = useSignIn(onSignedIn);
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const accounts = info.data?.demoAccounts ?? [];
  const blocked = pending || waitS > 0;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn({ login: login.trim(), password });
  };

  return (
    <div className={classes.page}>
      <Stack className={classes.column} gap="lg" component="main">
        <Group gap="sm" justify="center" wrap="nowrap">
          <Mark size={52} />
          <div>
            <Title order={1} fz={28} lh={1.1}>
              {t('product')}
            </Title>
            <Text c="dimmed" size="sm">
              {t('tagline')}
            </Text>
          </div>
        </Group>
        {reason && (
          <Alert color="yellow" variant="light" icon={<IconInfoCircle />} role="status">
            {t(`signin.ended.${reason}`)}
          </Alert>
        )}
        <form className={classes.card} onSubmit={submit}>
          <Stack gap="sm">
            <TextInput
              label={t('signin.login')}
              value={login}
              onChange={(event) => setLogin(event.currentTarget.value)}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={64}
              required
              withAsterisk={false}
              data-autofocus
              size="md"
            />
            <PasswordInput
              label={t('signin.password')}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              autoComplete="current-password"
              maxLength={256}
              required
              withAsterisk={false}
              size="md"
            />
            {error && (
              <Alert color="red" variant="light" icon={<IconAlertTriangle />} role="alert">
                {waitS > 0 ? t('signin.wait', { count: waitS }) : errorText(error)}
              </Alert>
            )}
            <Button type="submit" loading={pending} disabled={waitS > 0} size="md" mt={4}>
              {t('signin.enter')}
            </Button>
          </Stack>
        </form>
        {info.isError && <ErrorState error={info.error} retry={() => void info.refetch()} compact />}
        {accounts.length > 0 && <DemoAccounts accounts={accounts} disabled={blocked} onChoose={signIn} />}
      </Stack>
      <Group component="footer" gap="lg" mt="lg">
        <LanguageSwitch />
        {info.data && (
          <Text size="xs" c="dimmed">
            {t('version', { version: info.data.version })}
          </Text>
        )}
      </Group>
    </div>
  );
}
