import { Divider, NumberInput, PasswordInput, SimpleGrid, Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Device } from '../../main/contract/device.ts';
import type { DeviceForm, Faults } from './device-form.ts';
import { StreamTest } from './StreamTest.tsx';

interface CameraFieldsProps {
  form: DeviceForm;
  before: Device | null;
  set: <K extends keyof DeviceForm>(key: K, value: DeviceForm[K]) => void;
  fault: (key: keyof Faults) => string | undefined;
}

/** Where the camera's stream is, whether it is recorded, for how long. */
export function CameraFields({ form, before, set, fault }: CameraFieldsProps) {
  const { t } = useTranslation('devices');
  return (
    <>
      <Divider label={t('stream')} labelPosition="left" />
      <TextInput
        label={t('stream-url')}
        description={
          before?.hasStream ? t('stream-kept', { host: before.streamHost ?? '' }) : t('stream-url-what')
        }
        placeholder="rtsp://192.0.2.10/stream1"
        value={form.streamUrl}
        onChange={(event) => set('streamUrl', event.currentTarget.value)}
        error={fault('streamUrl')}
        autoComplete="off"
        spellCheck={false}
        maxLength={2000}
        inputMode="url"
      />
      <SimpleGrid cols={2} spacing="xs">
        <TextInput
          label={t('stream-user')}
          value={form.streamUser}
          onChange={(event) => set('streamUser', event.currentTarget.value)}
          autoComplete="off"
          maxLength={200}
          disabled={form.streamUrl.trim() === ''}
        />
        <PasswordInput
          label={t('stream-password')}
          value={form.streamPassword}
          onChange={(event) => set('streamPassword', event.currentTarget.value)}
          autoComplete="new-password"
          maxLength={200}
          disabled={form.streamUrl.trim() === ''}
        />
      </SimpleGrid>
      <StreamTest url={form.streamUrl} user={form.streamUser} password={form.streamPassword} />
      <SimpleGrid cols={2} spacing="xs">
        <Switch
          label={t('recorded')}
          checked={form.recorded}
          onChange={(event) => set('recorded', event.currentTarget.checked)}
          mt={26}
        />
        <NumberInput
          label={t('retention-days')}
          placeholder={t('retention-default')}
          value={form.retentionDays ?? ''}
          onChange={(value) => set('retentionDays', typeof value === 'number' ? value : null)}
          min={1}
          max={3650}
          allowDecimal={false}
          disabled={!form.recorded}
          error={fault('retentionDays')}
        />
      </SimpleGrid>
    </>
  );
}
