import { useTranslation } from 'react-i18next';
import { useFormat } from '../ui/useFormat.ts';
import { type Signs, signsAt } from './timeline-signs.ts';

interface HoverSignsProps {
  signs: Signs;
  /** UTC ms. */
  utc: number;
  nearMs: number;
}

const MOST = 3;

/** Bookmarks, trouble and kept stretches under the pointer, in words. */
export function HoverSigns({ signs, utc, nearMs }: HoverSignsProps) {
  const { t } = useTranslation(['holds', 'common']);
  const format = useFormat();
  const { events, holds, bookmarks } = signsAt(signs, utc, nearMs);
  return (
    <>
      {bookmarks.slice(0, MOST).map(({ id, title }) => (
        <span key={id}>{t('sign.bookmark', { title })}</span>
      ))}
      {events.slice(0, MOST).map((event) => (
        <span key={`${event.kind} ${event.at}`}>
          {format.time(event.at)}{' '}
          {event.kind === 'status'
            ? `${t(`common:status.${event.status}`)}: ${t(`common:reason.${event.reason}`)}`
            : event.type}
        </span>
      ))}
      {holds.slice(0, 1).map(({ id, state, keptUntil }) => (
        <span key={id}>{t(`sign.${state}`, { time: format.minute(keptUntil) })}</span>
      ))}
    </>
  );
}
