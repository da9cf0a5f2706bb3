import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/useLanguage.ts';
import type { CityZone } from '../time/city-zone.ts';
import { useFormat } from '../ui/useFormat.ts';
import { useNow } from '../ui/useNow.ts';
import classes from './archive.module.css';
import { TimelineHover } from './TimelineHover.tsx';
import { tickLabels } from './tick-labels.ts';
import { ticks } from './ticks.ts';
import { DARK, LIGHT } from './timeline-colors.ts';
import { drawTimeline, laneAt, timelineHeight } from './timeline-draw.ts';
import type { TimelineLane } from './timeline-lane.ts';
import { pan, type View, xOf, zoom } from './timeline-view.ts';
import type { Marks } from './useMarks.ts';
import { useTimelineGestures } from './useTimelineGestures.ts';

/** A pointer is on what is drawn within this many pixels. */
const NEAR_PX = 8;

interface TimelineBarProps {
  view: View;
  onView: (view: View) => void;
  lanes: readonly TimelineLane[];
  selected: string;
  marks: Marks;
  zone: CityZone;
  position: number | null;
  onGo: (utc: number) => void;
}

/** Recorded spans, gaps and the playhead on one line of time, a lane for each camera. */
export function TimelineBar(props: TimelineBarProps) {
  const { view, onView, lanes, selected, marks, zone, position, onGo } = props;
  const { t } = useTranslation('archive');
  const format = useFormat();
  const { language } = useLanguage();
  const scheme = useComputedColorScheme('dark');
  const now = useNow(1000);
  const { ref: boxRef, width } = useElementSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [hover, setHover] = useState<{ utc: number; lane: number } | null>(null);
  const height = timelineHeight(lanes.length);

  const tickMarks = useMemo(() => (width > 0 ? ticks(view, width, zone) : []), [view, width, zone]);
  const label = useMemo(() => tickLabels(zone.timeZone, language), [zone, language]);
  const colors = scheme === 'dark' ? DARK : LIGHT;

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || width === 0) return;
    const frame = requestAnimationFrame(() => {
      const scale = window.devicePixelRatio || 1;
      const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
      if (element.width !== wide || element.height !== high) {
        element.width = wide;
        element.height = high;
      }
      context.setTransform(scale, 0, 0, scale, 0, 0);
      drawTimeline(context, {
        view,
        width,
        lanes: lanes.map(({ cameraId, timeline }) => ({
          spans: timeline?.spans ?? [],
          gaps: timeline?.gaps ?? [],
          oldest: timeline?.oldest ?? null,
          signs: timeline ?? null,
          selected: cameraId === selected,
        })),
        marks,
        ticks: tickMarks,
        label,
        now,
        nowLabel: t('now'),
        position,
        hover: hover?.utc ?? null,
        colors,
        font: '11px "Inter Variable", system-ui, sans-serif',
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [view, width, height, lanes, selected, marks, tickMarks, label, now, position, hover, colors, t]);

  useTimelineGestures(canvas, {
    view,
    width,
    now,
    onView,
    onGo,
    onHover: (utc, y) => setHover(utc === null ? null : { utc, lane: laneAt(y, lanes.length) }),
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const span = view.to - view.from;
    const middle = position ?? (view.from + view.to) / 2;
    if (event.key === '+' || event.key === '=') onView(zoom(view, 0.5, middle, now));
    else if (event.key === '-') onView(zoom(view, 2, middle, now));
    else if (event.key === 'PageUp') onView(pan(view, -span / 2, now));
    else if (event.key === 'PageDown') onView(pan(view, span / 2, now));
    else return;
    event.preventDefault();
  };

  const under = hover && lanes[hover.lane];
  return (
    <div ref={boxRef} className={classes.timeline}>
      <canvas
        ref={canvas}
        className={classes.canvas}
        style={{ height }}
        role="slider"
        tabIndex={0}
        aria-label={t('timeline')}
        aria-description={t('timeline-help')}
        aria-valuemin={Math.round(view.from)}
        aria-valuemax={Math.round(view.to)}
        aria-valuenow={Math.round(position ?? view.from)}
        aria-valuetext={t('timeline-value', {
          time: format.dateTime(position ?? view.from),
          span: format.duration(view.to - view.from),
        })}
        data-testid="timeline"
        data-view-from={Math.round(view.from)}
        data-view-to={Math.round(view.to)}
        data-mark-in={marks.from ?? undefined}
        data-mark-out={marks.to ?? undefined}
        onKeyDown={onKeyDown}
      />
      {hover && under && (
        <TimelineHover
          lane={under}
          several={lanes.length > 1}
          utc={hover.utc}
          now={now}
          exact={view.to - view.from < 60_000}
          nearMs={((view.to - view.from) / Math.max(1, width)) * NEAR_PX}
          x={xOf(view, hover.utc, width)}
          width={width}
        />
      )}
    </div>
  );
}
