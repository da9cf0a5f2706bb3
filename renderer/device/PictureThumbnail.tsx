import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { thumbnailOf } from '../hub/pictures.ts';
import { Watermark } from '../player/Watermark.tsx';
import { dataUrlOf } from '../ui/data-url.ts';
import { ErrorState, Loading } from '../ui/states.tsx';
import { useFormat } from '../ui/useFormat.ts';
import classes from './device.module.css';

/** The picture that a finding rests on. Fetching it is a look at footage, and on record. */
export function PictureThumbnail({ cameraId, name, at }: { cameraId: string; name: string; at: number }) {
  const { t } = useTranslation('pictures');
  const format = useFormat();
  // Not under the camera's own key: that is fetched anew at each of its reports, and each fetch is on record.
  const {
    data: url,
    error,
    isPending,
  } = useQuery({
    queryKey: ['picture-thumbnail', cameraId, at],
    queryFn: async ({ signal }) => dataUrlOf(await thumbnailOf(cameraId, signal)),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (error) return <ErrorState error={error} compact />;
  if (isPending) return <Loading />;
  return (
    <div className={classes.thumbnail}>
      <img src={url} alt={`${name}. ${t('thumbnail', { time: format.dateTime(at) })}`} />
      <Watermark />
    </div>
  );
}
