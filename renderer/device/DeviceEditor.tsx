import { useTranslation } from 'react-i18next';
import { useDevice } from '../hub/devices.ts';
import { Panel } from '../map/Panel.tsx';
import { ErrorState, Loading } from '../ui/states.tsx';
import { DeviceFields } from './DeviceFields.tsx';
import type { PlaceDraft } from './device-form.ts';

interface DeviceEditorProps {
  /** Null makes a new device. */
  id: string | null;
  place: PlaceDraft | null;
  onPlace: (place: PlaceDraft) => void;
  onShow: (place: { lat: number; lon: number }) => void;
  /** Saved (then with the device's id) or given up. */
  onDone: (id: string | null) => void;
}

/** Adding or changing a device beside the map, so that its place can be clicked. */
export function DeviceEditor({ id, place, onPlace, onShow, onDone }: DeviceEditorProps) {
  const { t } = useTranslation('devices');
  const device = useDevice(id);
  return (
    <Panel
      subject={id ?? 'new'}
      title={id === null ? t('new') : t('edit-title', { name: device.data?.name ?? id })}
      onClose={() => onDone(id)}
    >
      {id !== null && device.isError && !device.data && (
        <ErrorState error={device.error} retry={() => void device.refetch()} />
      )}
      {id !== null && device.isPending && <Loading />}
      {(id === null || device.data) && (
        <DeviceFields
          before={id === null ? null : (device.data ?? null)}
          place={place}
          onPlace={onPlace}
          onShow={onShow}
          onDone={onDone}
        />
      )}
    </Panel>
  );
}
