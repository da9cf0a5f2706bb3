import {
  Alert,
  Button,
  Divider,
  Group,
  MultiSelect,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  TextInput,
} from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Device, DeviceKind, DeviceKinds } from '../../main/contract/device.ts';
import { useAreas, useGroups } from '../hub/devices.ts';
import { useSession } from '../hub/session.tsx';
import { useAreaChoices } from '../map/AreaFilter.tsx';
import { useErrorText } from '../ui/useErrorText.ts';
import { CameraFields } from './CameraFields.tsx';
import {
  type DeviceForm,
  emptyForm,
  type Faults,
  formOf,
  inputOf,
  type PlaceDraft,
  patchOf,
} from './device-form.ts';
import { ParentSelect } from './ParentSelect.tsx';
import { PlaceFields } from './PlaceFields.tsx';
import { useSaveDevice } from './useSaveDevice.ts';

interface DeviceFieldsProps {
  before: Device | null;
  place: PlaceDraft | null;
  onPlace: (place: PlaceDraft) => void;
  onShow: (place: { lat: number; lon: number }) => void;
  onDone: (id: string | null) => void;
}

/** The form itself. What is wrong is said beside its field; the hub has the last word. */
export function DeviceFields({ before, place, onPlace, onShow, onDone }: DeviceFieldsProps) {
  const { t } = useTranslation(['devices', 'common']);
  const { can } = useSession();
  const errorText = useErrorText();
  const [form, setForm] = useState<DeviceForm>(() => (before ? formOf(before) : emptyForm));
  const [faults, setFaults] = useState<Faults>({});
  const areas = useAreas();
  const groups = useGroups();
  const districts = useAreaChoices(areas.data, true);
  const save = useSaveDevice((device) => onDone(device.id));
  // District, group and owner carry rights: moving a device between them is managing access.
  const mayMove = before === null || can('access.manage');

  const placed = useRef(false);
  useEffect(() => {
    if (placed.current || !before) return;
    placed.current = true;
    onPlace({ lat: before.lat, lon: before.lon, azimuthDeg: before.azimuthDeg });
    onShow(before);
  }, [before, onPlace, onShow]);

  const set = <K extends keyof DeviceForm>(key: K, value: DeviceForm[K]) => {
    setForm((old) => ({ ...old, [key]: value }));
    setFaults(({ [key]: _mended, ...rest }) => rest);
  };
  const fault = (key: keyof Faults) => {
    const found = faults[key];
    return found && t(`form-fault.${found}`);
  };
  const text = (key: 'id' | 'name' | 'address' | 'owner' | 'contractor' | 'model' | 'serial' | 'mac') => ({
    label: t(key),
    value: form[key],
    onChange: (event: { currentTarget: { value: string } }) => set(key, event.currentTarget.value),
    error: fault(key),
  });

  const formElement = useRef<HTMLFormElement>(null);
  /** Says what is wrong, and goes there: the first marked field may be far up. */
  const refuse = (found: Faults) => {
    setFaults(found);
    requestAnimationFrame(() =>
      formElement.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(),
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (before) {
      const checked = patchOf(form, place, before);
      if (!checked.ok) refuse(checked.faults);
      else if (Object.keys(checked.value).length === 0) onDone(before.id);
      else save.mutate({ id: before.id, patch: checked.value });
      return;
    }
    const checked = inputOf(form, place);
    if (checked.ok) save.mutate({ id: null, input: checked.value });
    else refuse(checked.faults);
  };

  return (
    <form ref={formElement} onSubmit={submit} noValidate>
      <Stack gap="sm">
        {!before && (
          <>
            <SegmentedControl
              aria-label={t('kind')}
              data={DeviceKinds.map((kind) => ({ value: kind, label: t(`common:kind.${kind}`) }))}
              value={form.kind}
              onChange={(value) => set('kind', DeviceKind.parse(value))}
              fullWidth
              size="xs"
            />
            <TextInput
              {...text('id')}
              description={t('id-what')}
              required
              maxLength={64}
              spellCheck={false}
            />
          </>
        )}
        <TextInput {...text('name')} required maxLength={200} />
        {form.kind === 'camera' && <CameraFields form={form} before={before} set={set} fault={fault} />}
        <Divider label={t('where')} labelPosition="left" />
        <PlaceFields
          place={place}
          onPlace={(next) => {
            onPlace(next);
            setFaults(({ place: _mended, ...rest }) => rest);
          }}
          withAzimuth={form.kind === 'camera'}
          fault={fault('place')}
        />
        <TextInput {...text('address')} maxLength={300} />
        <Select
          label={t('district')}
          description={mayMove ? undefined : t('needs-access')}
          data={districts}
          value={form.districtId}
          onChange={(value) => set('districtId', value)}
          searchable
          required
          disabled={!mayMove}
          error={fault('districtId') ?? (areas.error ? errorText(areas.error) : undefined)}
          nothingFoundMessage={t('nothing-found')}
        />
        <Divider label={t('more')} labelPosition="left" />
        {form.kind !== 'switch' && (
          <ParentSelect
            value={form.parentId}
            onChange={(value) => set('parentId', value)}
            error={fault('parentId')}
          />
        )}
        <MultiSelect
          label={t('groups')}
          data={(groups.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={form.groupIds}
          onChange={(value) => set('groupIds', value)}
          searchable
          disabled={!mayMove}
          error={fault('groupIds')}
          nothingFoundMessage={t('nothing-found')}
        />
        <TextInput {...text('owner')} maxLength={200} disabled={!mayMove} />
        <TextInput {...text('contractor')} maxLength={200} />
        <SimpleGrid cols={2} spacing="xs">
          <TextInput {...text('model')} maxLength={120} />
          <TextInput {...text('serial')} maxLength={120} />
        </SimpleGrid>
        <TextInput {...text('mac')} maxLength={40} spellCheck={false} />
        {Object.keys(faults).length > 0 && (
          <Alert color="red" p="xs" role="alert">
            {t('form-wrong')}
          </Alert>
        )}
        {save.error && (
          <Alert color="red" p="xs" role="alert">
            {errorText(save.error)}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => onDone(before?.id ?? null)}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {before ? t('common:save') : t('add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
