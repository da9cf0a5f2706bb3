import { Button, Group, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../hub/session.tsx';
import { tileUrlFault, tileUrlName } from '../map/tile-url.ts';
import { useStored } from '../ui/useStored.ts';
import { Section } from './Section.tsx';

/** Where the map's ground comes from: the built-in outline, or tiles of one's own choice. */
export function TileSection() {
  const { t } = useTranslation(['settings', 'common']);
  const { person } = useSession();
  const [stored, store] = useStored(tileUrlName(person.id));
  const [typed, setTyped] = useState(stored ?? '');
  const [tried, setTried] = useState(false);
  const fault = typed.trim() === '' ? null : tileUrlFault(typed.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (fault) return;
    store(typed.trim() === '' ? null : typed.trim());
    notifications.show({ message: typed.trim() === '' ? t('tiles-cleared') : t('tiles-saved') });
  };
  return (
    <Section title={t('tiles')} what={t('tiles-what')}>
      <form onSubmit={submit} noValidate>
        <TextInput
          label={t('tiles-url')}
          placeholder="https://tiles.example.org/{z}/{x}/{y}.png"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          error={tried && fault ? t(`tiles-fault.${fault}`) : undefined}
          spellCheck={false}
          inputMode="url"
          maxLength={500}
        />
        <Group mt="sm" gap="xs">
          <Button type="submit">{t('common:save')}</Button>
          {stored !== null && (
            <Button
              variant="default"
              onClick={() => {
                setTyped('');
                setTried(false);
                store(null);
              }}
            >
              {t('tiles-own')}
            </Button>
          )}
        </Group>
      </form>
    </Section>
  );
}
