import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { whatIsAt } from '../player/spans.ts';
import { useThumbnail } from '../player/useThumbnail.ts';
import { useFormat } from '../ui/useFormat.ts';
import classes from './archive.module.css';
import { HoverSigns } from './HoverSigns.tsx';
import type { TimelineLane } from './timeline-lane.ts';

interface TimelineHoverProps {
  lane: TimelineLane;
  several: boolean;
  utc: number;
  now: number;
  /** Tenths of a second matter at this zoom. */
  exact: boolean;
  /** What lies within, ms, is under the pointer. */
  nearMs: number;
  x: number;
  width: number;
}

const HALF = 110;

/** What is under the pointer: the time, what there is, and its picture. */
export function TimelineHover({ lane, several, utc, now, exact, nearMs, x, width }: TimelineHoverProps) {
  const { t } = useTranslation('archive');
  const format = useFormat();
  const { cameraId, name, timeline } = lane;
  const found = timeline ? whatIsAt(timeline, utc) : null;
  const recorded = found?.kind === 'recorded';
  const picture = useThumbnail(cameraId, recorded ? utc : null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element || !picture) return;
    element.width = picture.image.width;
    element.height = picture.image.height;
    element.getContext('2d')?.drawImage(picture.image, 0, 0);
  }, [picture]);

  const before = utc < (timeline?.oldest ?? Number.POSITIVE_INFINITY);
  const words =
    found === null
      ? ''
      : utc > now
        ? t('future')
        : recorded
          ? ''
          : found.kind === 'gap' && !before
            ? t(`gap.${found.gap.reason}`)
            : t('no-recording');
  return (
    <div
      className={classes.hover}
      style={{ left: Math.min(Math.max(x, HALF), Math.max(HALF, width - HALF)) }}
      data-testid="timeline-hover"
      data-thumbnail-utc={picture ? Math.round(picture.utc) : undefined}
    >
      {recorded && (
        <canvas ref={canvas} className={classes.thumbnail} data-empty={!picture} width={16} height={9} />
      )}
      <span className="tabular">
        {format.dateTime(utc)}
        {exact && `.${Math.floor((utc % 1000) / 100)}`}
      </span>
      {several && <span className={classes.hoverName}>{name}</span>}
      {words && <span>{words}</span>}
      {timeline && <HoverSigns signs={timeline} utc={utc} nearMs={nearMs} />}
    </div>
  );
}
