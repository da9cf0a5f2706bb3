import { notifications } from '@mantine/notifications';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { hubFetch } from '../hub/client.ts';
import { useLanguage } from '../i18n/useLanguage.ts';
import { dataUrlOf } from '../ui/data-url.ts';
import { useSaveFile } from '../ui/native.tsx';
import { useErrorText } from '../ui/useErrorText.ts';

const snapshotPath = (cameraId: string) => `/api/video/${encodeURIComponent(cameraId)}/snapshot`;

/** When the picture was taken, as the hub says; null when it does not. */
function takenAt(response: Response): number | null {
  const own = Number(response.headers.get('x-footage-time') ?? Number.NaN);
  if (Number.isFinite(own)) return own;
  const modified = Date.parse(response.headers.get('last-modified') ?? '');
  return Number.isFinite(modified) ? modified : null;
}

export interface Poster {
  url: string;
  at: number | null;
}

/** The camera's last picture, to look at until the stream is there. Null when there is none or it is not wanted. */
export function usePoster(cameraId: string, wanted: boolean): Poster | null {
  const [poster, setPoster] = useState<Poster | null>(null);
  useEffect(() => {
    if (!wanted) return;
    const giveUp = new AbortController();
    const load = async () => {
      try {
        const response = await hubFetch(snapshotPath(cameraId), {}, giveUp.signal);
        const url = await dataUrlOf(await response.blob());
        if (giveUp.signal.aborted) return;
        setPoster({ url, at: takenAt(response) });
      } catch {
        // A camera never seen has no last picture; the stream itself tells what is wrong.
      }
    };
    void load();
    return () => {
      giveUp.abort();
      setPoster(null);
    };
  }, [cameraId, wanted]);
  return poster;
}

/**
 * Saves the frame of a moment, or the live one, as a JPEG file: marked and signed by the hub, which puts it on record.
 */
export function useSaveFrame(cameraId: string, name: string): (at: number | null) => Promise<void> {
  const { t } = useTranslation('player');
  const { language } = useLanguage();
  const errorText = useErrorText();
  const saveFile = useSaveFile();
  return async (at) => {
    try {
      const wanted = { language, ...(at === null ? {} : { at: Math.round(at) }) };
      const response = await hubFetch(`/api/video/${encodeURIComponent(cameraId)}/snapshots`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(wanted),
      });
      const blob = await response.blob();
      const stamp = new Date(takenAt(response) ?? at ?? Date.now()).toISOString().replace(/[:.]/g, '-');
      await saveFile(blob, `${name.replace(/[^\p{L}\p{N} _-]+/gu, '').trim() || cameraId} ${stamp}.jpg`);
    } catch (error) {
      notifications.show({ color: 'red', title: t('snapshot-failed'), message: errorText(error) });
    }
  };
}
