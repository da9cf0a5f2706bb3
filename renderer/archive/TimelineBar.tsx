import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Timeline } from '../../main/contract/video.ts';
import { useLanguage } from '../i18n/useLanguage.ts';
import { whatIsAt } from '../player/spans.ts';
import { useFormat } from '../ui/useFormat.ts';
import { useNow } from '../ui/useNow.ts';
import classes from './archive.module.css';
import type { CityZone } from './city-zone.ts';
import { type Tick, ticks } from './ticks.ts';
import { drawTimeline, TIMELINE_HEIGHT, type TimelineColors } from './timeline-draw.ts';
import { pan, type View, xOf, zoom } from './timeline-view.ts';
import { useTimelineGestures } from './useTimelineGestures.ts';

interface TimelineBarProps {
  view: View;
  onView: (view: View) => void;
  timeline: Timeline | undefined;
  zone: CityZone;
  position: number | null;
  onGo: (utc: number) => void;
}

/** Recorded spans, gaps and the playhead on one line of time. */
export function TimelineBar({ view, onView, timeline, zone, position, onGo }: TimelineBarProps) {
  const { t } = useTranslation('archive');
  const format = useFormat();
  const { language } = useLanguage();
  const scheme = useComputedColorScheme('dark');
  const now = useNow(1000);
  const { ref: boxRef, width } = useElementSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [hover, setHover] = useState<number | null>(null);

  const marks = useMemo(() => (width > 0 ? ticks(view, width, zone) : []), [view, width, zone]);
  const label = useMemo(() => tickLabels(zone.timeZone, language), [zone, language]);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || width === 0) return;
    const scale = window.devicePixelRatio || 1;
    element.width = Math.round(width * scale);
    element.height = Math.round(TIMELINE_HEIGHT * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    drawTimeline(context, {
      view,
      width,
      spans: timeline?.spans ?? [],
      gaps: timeline?.gaps ?? [],
      oldest: timeline?.oldest ?? null,
      ticks: marks,
      label,
      now,
      nowLabel: t('now'),
      position,
      hover,
      colors: scheme === 'dark' ? DARK : LIGHT,
      font: '11px "Inter Variable", system-ui, sans-serif',
    });
  }, [view, width, timeline, marks, label, now, position, hover, scheme, t]);

  useTimelineGestures(canvas, { view, width, now, onView, onGo, onHover: setHover });

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

  const found = hover === null || !timeline ? null : whatIsAt(timeline, hover);
  const before = hover !== null && hover < (timeline?.oldest ?? Number.POSITIVE_INFINITY);
  const words =
    hover === null || found === null
      ? ''
      : hover > now
        ? t('future')
        : found.kind === 'recorded'
          ? t('recorded')
          : found.kind === 'gap' && !before
            ? t(`gap.${found.gap.reason}`)
            : t('no-recording');
  return (
    <div ref={boxRef} className={classes.timeline}>
      <canvas
        ref={canvas}
        className={classes.canvas}
        style={{ height: TIMELINE_HEIGHT }}
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
        onKeyDown={onKeyDown}
      />
      {hover !== null && (
        <div
          className={classes.hover}
          style={{ left: Math.min(Math.max(xOf(view, hover, width), 110), Math.max(110, width - 110)) }}
          data-testid="timeline-hover"
        >
          <span className="tabular">{format.dateTime(hover)}</span>
          <span>{words}</span>
        </div>
      )}
    </div>
  );
}

const shared = { recorded: '#4188d6', now: '#e5484d' };
const DARK: TimelineColors = {
  ...shared,
  ground: '#0f161d',
  gap: '#f2b04a',
  line: '#3b4856',
  lineMajor: '#8a97a6',
  text: '#e3e9ef',
  dimmed: '#9aa6b4',
  playhead: '#ffffff',
  future: 'rgb(255 255 255 / 0.05)',
};
const LIGHT: TimelineColors = {
  ...shared,
  ground: '#e3e8ee',
  gap: '#a15c00',
  line: '#b9c3ce',
  lineMajor: '#5a6673',
  text: '#17202a',
  dimmed: '#5a6673',
  playhead: '#0d141b',
  future: 'rgb(0 0 0 / 0.06)',
};

function tickLabels(timeZone: string, language: string): (tick: Tick) => string {
  const make = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language === 'ru' ? 'ru-RU' : 'en-GB', { timeZone, ...options });
  const formats = {
    'time-s': make({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
    time: make({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    day: make({ weekday: 'short', day: 'numeric', month: 'short' }),
    month: make({ month: 'long' }),
  } as const;
  return (tick) => formats[tick.label].format(tick.at);
}
