import { ActionIcon, Badge, Button, Group, Modal, Stack, Text, Title } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconArrowLeft, IconKey, IconLock, IconLockOpen, IconPencil } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../../main/contract/access.ts';
import { useSession } from '../hub/session.tsx';
import { Ago, DateTime } from '../ui/DateTime.tsx';
import { useErrorText } from '../ui/useErrorText.ts';
import classes from './access.module.css';
import { EffectiveRights } from './EffectiveRights.tsx';
import { GrantList } from './GrantList.tsx';
import { PasswordDialog } from './PasswordDialog.tsx';
import { PersonDialog } from './PersonDialog.tsx';
import { useAccessChanges } from './useAccess.ts';

/** One person: who it is, what grants there are, what follows from them. */
export function PersonPage({ person, onBack }: { person: Person; onBack: () => void }) {
  const { t } = useTranslation(['access', 'common']);
  const session = useSession();
  const errorText = useErrorText();
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const { changePerson } = useAccessChanges();
  const [editing, edit] = useDisclosure(false);
  const [locking, lock] = useDisclosure(false);
  const [renewing, renew] = useDisclosure(false);
  const self = session.person.id === person.id;

  const setLocked = (locked: boolean) =>
    changePerson.mutate(
      { personId: person.id, patch: { locked } },
      {
        onSuccess: () => notifications.show({ message: t(locked ? 'locked-done' : 'unlocked-done') }),
        onError: (error) => notifications.show({ color: 'red', message: errorText(error) }),
        onSettled: lock.close,
      },
    );
  return (
    <div className={classes.page} data-testid="person-page">
      <Stack gap="lg">
        <Stack gap={8}>
          <Group gap="sm" justify="space-between" align="flex-start">
            <Group gap="sm" wrap="nowrap">
              {narrow && (
                <ActionIcon variant="default" size={34} aria-label={t('back')} onClick={onBack}>
                  <IconArrowLeft size={18} />
                </ActionIcon>
              )}
              <Title order={2} size="h3">
                {person.name}
              </Title>
              {person.locked && (
                <Badge color="red.9" tt="none" flex="none" leftSection={<IconLock size={12} aria-hidden />}>
                  {t('locked')}
                </Badge>
              )}
              {person.demo && (
                <Badge color="gray" variant="light" tt="none" flex="none">
                  {t('demo')}
                </Badge>
              )}
            </Group>
            <Group gap={6}>
              <Button
                size="xs"
                variant="default"
                leftSection={<IconPencil size={15} aria-hidden />}
                onClick={edit.open}
              >
                {t('edit-person')}
              </Button>
              <Button
                size="xs"
                variant="default"
                leftSection={<IconKey size={15} aria-hidden />}
                onClick={renew.open}
              >
                {t('reset-password')}
              </Button>
              {person.locked ? (
                <Button
                  size="xs"
                  variant="default"
                  leftSection={<IconLockOpen size={15} aria-hidden />}
                  loading={changePerson.isPending}
                  onClick={() => setLocked(false)}
                  data-testid="unlock"
                >
                  {t('unlock')}
                </Button>
              ) : (
                <Button
                  size="xs"
                  variant="light"
                  color="red"
                  leftSection={<IconLock size={15} aria-hidden />}
                  disabled={self}
                  onClick={lock.open}
                  data-testid="lock"
                >
                  {t('lock')}
                </Button>
              )}
            </Group>
          </Group>
          <PersonFacts person={person} />
        </Stack>
        {self && (
          <Text size="sm" c="dimmed">
            {t('self')}
          </Text>
        )}
        <GrantList person={person} self={self} />
        <EffectiveRights personId={person.id} />
      </Stack>
      <PersonDialog opened={editing} person={person} onClose={edit.close} onDone={edit.close} />
      <PasswordDialog opened={renewing} person={person} onClose={renew.close} />
      <Modal opened={locking} onClose={lock.close} title={t('lock-ask', { name: person.name })}>
        <Stack>
          <Text size="sm">{t('lock-does')}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={lock.close}>
              {t('common:cancel')}
            </Button>
            <Button
              color="red.9"
              loading={changePerson.isPending}
              onClick={() => setLocked(true)}
              data-testid="lock-confirm"
            >
              {t('lock')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </div>
  );
}

function PersonFacts({ person }: { person: Person }) {
  const { t } = useTranslation(['access', 'common']);
  return (
    <dl className={classes.facts}>
      <div>
        <dt>{t('login')}</dt>
        <dd>{person.login}</dd>
      </div>
      {person.unit && (
        <div>
          <dt>{t('unit')}</dt>
          <dd>{person.unit}</dd>
        </div>
      )}
      {person.number && (
        <div>
          <dt>{t('number')}</dt>
          <dd>{person.number}</dd>
        </div>
      )}
      <div>
        <dt>{t('last-sign-in')}</dt>
        <dd>{person.lastSignInAt === null ? t('never-signed-in') : <Ago at={person.lastSignInAt} />}</dd>
      </div>
      <div>
        <dt>{t('created')}</dt>
        <dd>
          <DateTime at={person.createdAt} />
        </dd>
      </div>
    </dl>
  );
}
