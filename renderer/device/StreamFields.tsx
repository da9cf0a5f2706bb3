import { PasswordInput, SimpleGrid, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Device } from '../../main/contract/device.ts';
import type { DeviceForm, Faults } from './device-form.ts';
import { StreamTest } from './StreamTest.tsx';

const FIELDS = {
  main: { url: 'streamUrl', user: 'streamUser', password: 'streamPassword' },
  second: { url: 'secondUrl', user: 'secondUser', password: 'secondPassword' },
} as const;

interface StreamFieldsProps {
  which: 'main' | 'second';
  form: DeviceForm;
  before: Device | null;
  set: <K extends keyof DeviceForm>(key: K, value: DeviceForm[K]) => void;
  fault: (key: keyof Faults) => string | undefined;
}

/** One of a camera's addresses, with a trial before it is saved. */
export function StreamFields({ which, form, before, set, fault }: StreamFieldsProps) {
  const { t } = useTranslation('devices');
  const { url, user, password } = FIELDS[which];
  const host = which === 'main' ? before?.streamHost : before?.secondHost;
  const kept = which === 'main' ? before?.hasStream : before?.hasSecond;
  const none = form[url].trim() === '';
  const what = which === 'main' ? t('stream-url-what') : t('second-what');
  return (
    <>
      <TextInput
        label={which === 'main' ? t('stream-url') : t('second-url')}
        description={kept ? t('stream-kept', { host: host ?? '' }) : what}
        placeholder={which === 'main' ? 'rtsp://192.0.2.10/stream1' : 'rtsp://192.0.2.10/stream2'}
        value={form[url]}
        onChange={(event) => set(url, event.currentTarget.value)}
        error={fault(url)}
        autoComplete="off"
        spellCheck={false}
        maxLength={2000}
        inputMode="url"
      />
      <SimpleGrid cols={2} spacing="xs">
        <TextInput
          label={which === 'main' ? t('stream-user') : t('second-user')}
          value={form[user]}
          onChange={(event) => set(user, event.currentTarget.value)}
          autoComplete="off"
          maxLength={200}
          disabled={none}
        />
        <PasswordInput
          label={which === 'main' ? t('stream-password') : t('second-password')}
          value={form[password]}
          onChange={(event) => set(password, event.currentTarget.value)}
          autoComplete="new-password"
          maxLength={200}
          disabled={none}
        />
      </SimpleGrid>
      <StreamTest which={which} url={form[url]} user={form[user]} password={form[password]} />
    </>
  );
}
