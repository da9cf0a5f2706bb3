import { Autocomplete, NumberInput, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { channelsOf, MAX_TX_POWER_DBM, widthsOf } from '../../main/contract/radio-plan.ts';
import { useFormat } from '../ui/useFormat.ts';
import {
  bandsOf,
  type Draft,
  isSsidTooLong,
  type KnownRadio,
  MAX_SSID_BYTES,
  widthIn,
  withRadio,
} from './command-draft.ts';

interface CommandFieldsProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
  /** Networks that are known there, to choose from. */
  ssids: readonly string[];
  /** What the radios there are like. */
  radios: readonly KnownRadio[];
}

/** The few things a command has to be told. */
export function CommandFields({ draft, onChange, ssids, radios }: CommandFieldsProps) {
  const { t } = useTranslation('commands');
  switch (draft.kind) {
    case 'reboot':
      return null;
    case 'poe-cycle':
      return (
        <NumberInput
          label={t('field.off')}
          value={draft.offS}
          min={1}
          max={60}
          allowDecimal={false}
          clampBehavior="strict"
          onChange={(value) => onChange({ ...draft, offS: Math.max(1, Number(value)) })}
        />
      );
    case 'locate':
      return (
        <Stack gap="sm">
          <SegmentedControl
            fullWidth
            size="md"
            aria-label={t('field.on')}
            data={[
              { value: 'on', label: t('field.on-yes') },
              { value: 'off', label: t('field.on-no') },
            ]}
            value={draft.on ? 'on' : 'off'}
            onChange={(value) => onChange({ ...draft, on: value === 'on' })}
          />
          {draft.on && (
            <NumberInput
              label={t('field.minutes')}
              value={draft.minutes}
              min={1}
              max={240}
              allowDecimal={false}
              clampBehavior="strict"
              onChange={(value) => onChange({ ...draft, minutes: Math.max(1, Number(value)) })}
            />
          )}
        </Stack>
      );
    case 'radio':
      return <RadioFields draft={draft} onChange={onChange} radios={radios} />;
    case 'ssid':
      return (
        <Stack gap="sm">
          <Autocomplete
            label={t('field.ssid')}
            description={t('field.ssid-hint')}
            data={[...new Set(ssids)]}
            value={draft.ssid}
            maxLength={64}
            error={isSsidTooLong(draft.ssid) && t('field.ssid-long', { max: MAX_SSID_BYTES })}
            onChange={(ssid) => onChange({ ...draft, ssid })}
            required
          />
          <SegmentedControl
            fullWidth
            aria-label={t('field.enabled')}
            data={[
              { value: 'on', label: t('field.enabled-yes') },
              { value: 'off', label: t('field.enabled-no') },
            ]}
            value={draft.enabled ? 'on' : 'off'}
            onChange={(value) => onChange({ ...draft, enabled: value === 'on' })}
          />
        </Stack>
      );
  }
}

/** Only what the radios there can do and what may be set in the band and with the width is offered. */
function RadioFields({ draft, onChange, radios }: Omit<CommandFieldsProps, 'ssids'>) {
  const { t } = useTranslation('commands');
  const format = useFormat();
  const bands = bandsOf(radios);
  const widths = widthsOf(draft.band);
  return (
    <Stack gap="sm">
      <SegmentedControl
        fullWidth
        aria-label={t('field.band')}
        data={bands.map((value) => ({
          value,
          label: t('field.ghz', { band: format.number(Number(value), 1) }),
        }))}
        value={draft.band}
        onChange={(value) => {
          const band = bands.find((one) => one === value);
          if (band) onChange(withRadio(draft, { band, widthMHz: widthIn(radios, band) }));
        }}
      />
      <Select
        label={t('field.channel')}
        data={[
          { value: '', label: t('field.keep') },
          ...channelsOf(draft.band, draft.widthMHz).map((channel) => ({
            value: String(channel),
            label: String(channel),
          })),
        ]}
        value={draft.channel === null ? '' : String(draft.channel)}
        onChange={(value) => onChange({ ...draft, channel: value ? Number(value) : null })}
        allowDeselect={false}
      />
      <div>
        <Text size="sm" fw={500} mb={3}>
          {t('field.width')}
        </Text>
        <SegmentedControl
          fullWidth
          aria-label={t('field.width')}
          data={widths.map((width) => ({
            value: String(width),
            label: t('field.mhz', { width: format.number(width) }),
          }))}
          value={String(draft.widthMHz)}
          onChange={(value) => {
            const widthMHz = widths.find((width) => String(width) === value);
            if (widthMHz) onChange(withRadio(draft, { widthMHz }));
          }}
        />
      </div>
      <NumberInput
        label={t('field.power')}
        description={t('field.power-hint', { max: MAX_TX_POWER_DBM })}
        value={draft.txPowerDbm ?? ''}
        min={0}
        max={MAX_TX_POWER_DBM}
        allowDecimal={false}
        clampBehavior="strict"
        onChange={(value) => onChange({ ...draft, txPowerDbm: value === '' ? null : Number(value) })}
      />
      {draft.channel !== null && (
        <Text size="xs" c="dimmed">
          {t('reverts')}
        </Text>
      )}
    </Stack>
  );
}
