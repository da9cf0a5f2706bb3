import { Button, CopyButton, Group, Modal, PasswordInput, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Password, type Person } from '../../main/contract/access.ts';
import { useErrorText } from '../ui/useErrorText.ts';
import { madeUpPassword } from './grant-words.ts';
import { useAccessChanges } from './useAccess.ts';

interface PasswordFieldProps {
  value: string;
  onChange: (password: string) => void;
  error: ReactNode;
}

/** A password for somebody else: typed, or made up and copied. */
export function PasswordField({ value, onChange, error }: PasswordFieldProps) {
  const { t } = useTranslation(['access', 'common']);
  const [visible, setVisible] = useState(false);
  return (
    <Stack gap={6}>
      <PasswordInput
        label={t('password')}
        description={t('password-hint')}
        required
        autoComplete="new-password"
        visible={visible}
        onVisibilityChange={setVisible}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
      />
      <Group gap={6}>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => {
            onChange(madeUpPassword((bytes) => crypto.getRandomValues(bytes)));
            setVisible(true);
          }}
        >
          {t('password-make')}
        </Button>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="default" disabled={value === ''} onClick={copy}>
              {copied ? t('common:copied') : t('common:copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Stack>
  );
}

interface PasswordDialogProps {
  opened: boolean;
  person: Person;
  onClose: () => void;
}

/** A new password for a person who forgot his. */
export function PasswordDialog({ opened, person, onClose }: PasswordDialogProps) {
  const { t } = useTranslation(['access', 'common']);
  return (
    <Modal opened={opened} onClose={onClose} title={t('reset-ask', { name: person.name })}>
      {opened && <PasswordForm person={person} onClose={onClose} />}
    </Modal>
  );
}

function PasswordForm({ person, onClose }: Omit<PasswordDialogProps, 'opened'>) {
  const { t } = useTranslation(['access', 'common']);
  const errorText = useErrorText();
  const { changePerson } = useAccessChanges();
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const good = Password.safeParse(password).success;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!good) return;
    changePerson.mutate(
      { personId: person.id, patch: { password } },
      {
        onSuccess: () => {
          notifications.show({ message: t('reset-done') });
          onClose();
        },
        onError: (error) => notifications.show({ color: 'red', message: errorText(error) }),
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <PasswordField
          value={password}
          onChange={setPassword}
          error={tried && !good ? t('password-wrong') : undefined}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={changePerson.isPending}>
            {t('reset-password')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
