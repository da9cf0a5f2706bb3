import { Divider, NumberInput, SimpleGrid, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Device } from '../../main/contract/device.ts';
import type { DeviceForm, Faults } from './device-form.ts';
import { StreamFields } from './StreamFields.tsx';

interface CameraFieldsProps {
  form: DeviceForm;
  before: Device | null;
  set: <K extends keyof DeviceForm>(key: K, value: DeviceForm[K]) => void;
  fault: (key: keyof Faults) => string | undefined;
}

/** Where the camera's streams are, whether they are recorded, for how long, with or without sound. */
export function CameraFields({ form, before, set, fault }: CameraFieldsProps) {
  const { t } = useTranslation('devices');
  // A second stream goes with a first one.
  const secondShown = form.streamUrl.trim() !== '' || before?.hasStream === true;
  return (
    <>
      <Divider label={t('stream')} labelPosition="left" />
      <StreamFields which="main" form={form} before={before} set={set} fault={fault} />
      {secondShown && (
        <>
          <Divider label={t('second')} labelPosition="left" />
          <StreamFields which="second" form={form} before={before} set={set} fault={fault} />
          {before?.hasSecond && (
            <Switch
              label={t('second-remove')}
              checked={form.secondRemoved}
              onChange={(event) => set('secondRemoved', event.currentTarget.checked)}
              disabled={form.secondUrl.trim() !== ''}
            />
          )}
        </>
      )}
      <Divider label={t('recording')} labelPosition="left" />
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
      <Switch
        label={t('sound-kept')}
        description={t('sound-kept-what')}
        checked={form.sound}
        onChange={(event) => set('sound', event.currentTarget.checked)}
      />
    </>
  );
}
