import { Alert, Button, PasswordInput, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Password } from '../../main/contract/access.ts';
import { hubSend, NoAnswer } from '../hub/client.ts';
import { useSession } from '../hub/session.tsx';
import { useErrorText } from '../ui/useErrorText.ts';
import { Section } from './Section.tsx';

/** One's own password. */
export function PasswordSection() {
  const { t } = useTranslation(['settings', 'common']);
  const errorText = useErrorText();
  const { person } = useSession();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [tried, setTried] = useState(false);
  const good = Password.safeParse(next).success;
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => hubSend('PUT', '/api/session/password', { old: current, new: next }, NoAnswer),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      setTried(false);
      notifications.show({ message: t('password-changed') });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (good && current !== '') mutate();
  };
  return (
    <Section title={t('password')}>
      <form onSubmit={submit} noValidate>
        {/* Password keepers ask whose password it is. */}
        <input type="text" autoComplete="username" value={person.login} readOnly hidden />
        <Stack gap="sm" maw={340}>
          <PasswordInput
            label={t('password-now')}
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            autoComplete="current-password"
            maxLength={256}
            error={tried && current === '' && t('password-needed')}
          />
          <PasswordInput
            label={t('password-new')}
            description={t('password-rule')}
            value={next}
            onChange={(event) => setNext(event.currentTarget.value)}
            autoComplete="new-password"
            maxLength={256}
            error={tried && !good && t('password-short')}
          />
          {error && (
            <Alert color="red" role="alert" p="xs">
              {errorText(error)}
            </Alert>
          )}
          <Button type="submit" loading={isPending} style={{ alignSelf: 'flex-start' }}>
            {t('password-change')}
          </Button>
        </Stack>
      </form>
    </Section>
  );
}
