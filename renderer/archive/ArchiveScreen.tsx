import { Title, VisuallyHidden } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearchParams } from 'wouter';
import { useSession } from '../hub/session.tsx';
import { EmptyState, ErrorState, Loading } from '../ui/states.tsx';
import { ArchiveView } from './ArchiveView.tsx';
import classes from './archive.module.css';
import { readAddress, writeAddress } from './archive-address.ts';
import { CameraPicker } from './CameraPicker.tsx';
import { cityZone } from './city-zone.ts';
import { useCamera } from './useCamera.ts';

/** Recorded video of a camera: `/archive?camera=ID&at=MS`. */
export default function ArchiveScreen() {
  const { t } = useTranslation('archive');
  const { city } = useSession();
  const [search] = useSearchParams();
  const [, navigate] = useLocation();
  const address = readAddress(search);
  const camera = useCamera(address.cameraId);
  const zone = useMemo(() => cityZone(city.timeZone), [city.timeZone]);
  const pick = (cameraId: string, at: number | null) => navigate(writeAddress({ cameraId, at }));

  return (
    <div className={classes.screen}>
      <VisuallyHidden>
        <Title order={1}>{t('title')}</Title>
      </VisuallyHidden>
      {address.cameraId !== '' && camera.isPending ? (
        <Loading />
      ) : camera.data ? (
        <ArchiveView
          address={address}
          name={camera.data.name}
          zone={zone}
          onPick={pick}
          onAddress={(next) => navigate(writeAddress(next), { replace: true })}
        />
      ) : (
        <>
          <div className={classes.bar}>
            <CameraPicker cameraId={address.cameraId} onPick={(id) => pick(id, address.at)} />
          </div>
          {camera.isError ? (
            <ErrorState error={camera.error} retry={() => void camera.refetch()} />
          ) : (
            <EmptyState icon={<IconHistory size={26} />} title={t('choose')}>
              {t('choose-do')}
            </EmptyState>
          )}
        </>
      )}
    </div>
  );
}
