import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { Login, Password, type Person } from '../../main/contract/access.ts';
import { useErrorText } from '../ui/useErrorText.ts';
import { PasswordField } from './PasswordDialog.tsx';
import { useAccessChanges } from './useAccess.ts';

interface PersonDialogProps {
  opened: boolean;
  /** Null adds somebody new. */
  person: Person | null;
  onClose: () => void;
  onDone: (person: Person) => void;
}

/** Adds a person, or changes who he is. */
export function PersonDialog({ opened, person, onClose, onDone }: PersonDialogProps) {
  const { t } = useTranslation(['access', 'common']);
  return (
    <Modal opened={opened} onClose={onClose} title={person ? t('edit-person') : t('add-person')}>
      {opened && <PersonForm person={person} onClose={onClose} onDone={onDone} />}
    </Modal>
  );
}

function PersonForm({ person, onClose, onDone }: Omit<PersonDialogProps, 'opened'>) {
  const { t } = useTranslation(['access', 'common']);
  const errorText = useErrorText();
  const { addPerson, changePerson } = useAccessChanges();
  const form = useForm({
    initialValues: {
      login: person?.login ?? '',
      name: person?.name ?? '',
      unit: person?.unit ?? '',
      number: person?.number ?? '',
      password: '',
    },
    validate: {
      login: (login) => (person || Login.safeParse(login).success ? null : t('login-wrong')),
      name: (name) => (name.trim() ? null : t('name-wrong')),
      password: (password) => (person || Password.safeParse(password).success ? null : t('password-wrong')),
    },
  });
  const said = {
    onSuccess: (done: Person) => {
      notifications.show({ message: person ? t('saved') : t('added') });
      onDone(done);
    },
    onError: (error: unknown) => notifications.show({ color: 'red', message: errorText(error) }),
  };
  const submit = form.onSubmit(({ login, password, ...rest }) => {
    if (person) changePerson.mutate({ personId: person.id, patch: rest }, said);
    else addPerson.mutate({ login, password, ...rest }, said);
  });
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack gap="sm">
        {!person && (
          <TextInput
            label={t('login')}
            description={t('login-hint')}
            required
            data-autofocus
            {...form.getInputProps('login')}
          />
        )}
        <TextInput label={t('name')} required {...form.getInputProps('name')} />
        <TextInput label={t('unit')} {...form.getInputProps('unit')} />
        <TextInput label={t('number')} description={t('number-hint')} {...form.getInputProps('number')} />
        {!person && (
          <PasswordField
            value={form.values.password}
            onChange={(password) => form.setFieldValue('password', password)}
            error={form.errors.password}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={addPerson.isPending || changePerson.isPending}>
            {person ? t('common:save') : t('add-person')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
