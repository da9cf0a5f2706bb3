import { Title, VisuallyHidden } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearchParams } from 'wouter';
import { useSession } from '../hub/session.tsx';
import { cityZone } from '../time/city-zone.ts';
import { EmptyState, ErrorState, Loading } from '../ui/states.tsx';
import { ArchiveView } from './ArchiveView.tsx';
import classes from './archive.module.css';
import { type ArchiveAddress, readAddress, writeAddress } from './archive-address.ts';
import { CameraPicker } from './CameraPicker.tsx';
import { useCameras } from './useCamera.ts';

/** Recorded video of one to nine cameras: `/archive?cameras=ID,ID&at=MS`. */
export default function ArchiveScreen() {
  const { t } = useTranslation('archive');
  const { city } = useSession();
  const [search] = useSearchParams();
  const [, navigate] = useLocation();
  const address = readAddress(search);
  const { found, error, pending, retry } = useCameras(address.cameraIds);
  const zone = useMemo(() => cityZone(city.timeZone), [city.timeZone]);
  const goTo = (next: ArchiveAddress, replace = false) => navigate(writeAddress(next), { replace });

  return (
    <div className={classes.screen}>
      <VisuallyHidden>
        <Title order={1}>{t('title')}</Title>
      </VisuallyHidden>
      {found.length > 0 && !pending ? (
        <>
          {error !== null && <ErrorState compact error={error} retry={retry} />}
          <ArchiveView
            cameras={found}
            at={address.at}
            zone={zone}
            onAddress={(next) => goTo(next, true)}
            onCameras={goTo}
          />
        </>
      ) : pending ? (
        <Loading />
      ) : (
        <>
          <div className={classes.bar}>
            <CameraPicker cameraId="" onPick={(id) => goTo({ cameraIds: [id], at: address.at })} />
          </div>
          {error !== null ? (
            <ErrorState error={error} retry={retry} />
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
