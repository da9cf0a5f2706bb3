import { useEffect, useState } from 'react';
import { createThumbnails, type Thumbnail, type Thumbnails } from './footage/thumbnails.ts';

/** A pointer that only passes by asks for nothing, ms. */
const REST_MS = 60;

/** The picture nearest before a moment; null while there is none. What is no longer wanted is no longer fetched. */
export function useThumbnail(cameraId: string, utc: number | null): Thumbnail | null {
  const [source, setSource] = useState<Thumbnails | null>(null);
  const [picture, setPicture] = useState<Thumbnail | null>(null);
  useEffect(() => {
    const fresh = createThumbnails(cameraId);
    setSource(fresh);
    return () => {
      fresh.close();
      setSource(null);
      setPicture(null);
    };
  }, [cameraId]);
  useEffect(() => {
    if (!source || utc === null) {
      setPicture(null);
      return;
    }
    const known = source.known(utc);
    if (known) {
      setPicture(known);
      return;
    }
    const giveUp = new AbortController();
    const rest = setTimeout(async () => {
      try {
        const found = await source.at(utc, giveUp.signal);
        if (!giveUp.signal.aborted) setPicture(found);
      } catch {
        // A thumbnail that may not be had, or not now, is no more than missing: the time beside it still tells.
        if (!giveUp.signal.aborted) setPicture(null);
      }
    }, REST_MS);
    return () => {
      clearTimeout(rest);
      giveUp.abort();
    };
  }, [source, utc]);
  return picture;
}
