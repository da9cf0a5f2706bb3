import { useComputedColorScheme } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { type CSSProperties, type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useSession } from '../hub/session.tsx';
import { useLanguage } from '../i18n/useLanguage.ts';
import classes from './Chart.module.css';
import { type ChartLine, type ChartScale, summaryOf } from './chart-data.ts';
import { createPlot, lookOf, plotData } from './chart-plot.ts';
import { useFormat } from './useFormat.ts';

interface ChartProps {
  title: string;
  /** The range shown, UTC ms; point `i` of a line stands for `[from + i * stepMs, from + (i + 1) * stepMs)`. */
  from: number;
  to: number;
  stepMs: number;
  lines: readonly ChartLine[];
  scale: ChartScale;
  /** A value with its unit. */
  value: (value: number, digits: number) => string;
  /** Charts of one key move their cursors together. */
  syncKey: string;
  /** A stretch was drawn with the pointer; UTC ms. */
  onZoom: (from: number, to: number) => void;
}

const HEIGHT_PX = 150;
const HOUR_MS = 3_600_000;

/**
 * Measurements over time: the average of each point with the band from its least to its most, gaps as gaps. The
 * pointer, a finger or the arrow keys read single points; the readings are words, so that they can be heard too.
 */
export function Chart(props: ChartProps) {
  const { title, from, to, stepMs, lines, scale, value, syncKey, onZoom } = props;
  const { t } = useTranslation('charts');
  const { language } = useLanguage();
  const { timeZone } = useSession().city;
  const scheme = useComputedColorScheme('dark');
  const { ref: measured, width } = useElementSize<HTMLDivElement>();
  const box = useRef<HTMLDivElement>(null);
  const boxRef = useMergedRef(measured, box);
  const plot = useRef<uPlot | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const times = useMemo(
    () => (lines[0]?.avg ?? []).map((_value, i) => from + (i + 0.5) * stepMs),
    [lines, from, stepMs],
  );
  const latest = useRef({ from, to, times, lines, value, onZoom, width });
  latest.current = { from, to, times, lines, value, onZoom, width };
  const shape = lines.map(({ stepped }) => (stepped ? 's' : 'l')).join('');
  const ready = width > 0;

  useEffect(() => {
    const element = box.current;
    if (!ready || !element) return;
    const made = createPlot({
      ...{
        element,
        width: latest.current.width,
        height: HEIGHT_PX,
        scheme,
        timeZone,
        language,
        scale,
        syncKey,
      },
      lines: [...shape].map((letter) => ({ stepped: letter === 's' })),
      value: (number, digits) => latest.current.value(number, digits),
      range: () => [latest.current.from, latest.current.to],
      onCursor: setAt,
      onSelect: (start, end) => latest.current.onZoom(start, end),
    });
    made.setData(plotData(latest.current.times, latest.current.lines));
    plot.current = made;
    return () => {
      plot.current = null;
      made.destroy();
    };
  }, [ready, scheme, timeZone, language, scale, syncKey, shape]);
  useEffect(() => {
    plot.current?.setData(plotData(times, lines));
  }, [times, lines]);
  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height: HEIGHT_PX });
  }, [width]);

  const shown = at !== null && at < times.length ? at : null;
  const readout = useReadout(props, shown);
  const moveTo = (index: number) => {
    const time = times[Math.min(Math.max(index, 0), times.length - 1)];
    if (plot.current && time !== undefined)
      plot.current.setCursor({ left: plot.current.valToPos(time, 'x'), top: 0 });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = times.length - 1;
    const page = Math.max(1, Math.round(times.length / 10));
    const now = shown ?? last;
    const next = {
      ...{ ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1 },
      ...{ PageDown: now - page, PageUp: now + page, Home: 0, End: last },
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    moveTo(next);
  };
  return (
    <figure className={classes.chart} style={{ margin: 0 }} data-testid="chart">
      <figcaption className={classes.head}>
        <span className={classes.title}>{title}</span>
        {lines.map((line, i) => (
          <span key={line.label} className={classes.key}>
            <span
              className={classes.stroke}
              style={{ '--stroke': lookOf(i)[scheme], '--stroke-style': lookOf(i).css } as CSSProperties}
              aria-hidden
            />
            {lines.length > 1 && <span>{line.label}</span>}
            <span className="tabular">{readout.values[i]?.main}</span>
            <span className={`tabular ${classes.range}`}>{readout.values[i]?.range}</span>
          </span>
        ))}
        {shown !== null && <span className={`tabular ${classes.when}`}>{readout.when}</span>}
      </figcaption>
      <div
        ref={boxRef}
        className={classes.plot}
        role="slider"
        tabIndex={0}
        aria-label={t('read', { title })}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, times.length - 1)}
        aria-valuenow={shown ?? Math.max(0, times.length - 1)}
        aria-valuetext={readout.spoken}
        onKeyDown={onKeyDown}
        onBlur={() => plot.current?.setCursor({ left: -10, top: -10 })}
        onTouchStart={(event) => touch(event.touches[0], plot.current)}
        onTouchMove={(event) => touch(event.touches[0], plot.current)}
      />
    </figure>
  );
}

/** A finger reads like a pointer that is only passing over. */
function touch(finger: React.Touch | undefined, plot: uPlot | null): void {
  if (!finger || !plot) return;
  const { left, top } = plot.over.getBoundingClientRect();
  plot.setCursor({ left: finger.clientX - left, top: finger.clientY - top });
}

interface Readout {
  /** What it speaks of: a point's time or the whole range. */
  when: string;
  values: { main: string; range: string }[];
  spoken: string;
}

/** The words for one point, or for the whole range where none is pointed at. */
function useReadout({ from, to, stepMs, lines, value }: ChartProps, at: number | null): Readout {
  const { t } = useTranslation('charts');
  const format = useFormat();
  return useMemo(() => {
    const between = (least: number, most: number, stepped: boolean | undefined) =>
      stepped || least === most ? '' : t('between', { min: value(least, 1), max: value(most, 1) });
    const values = lines.map((line) => {
      if (at === null) {
        const whole = summaryOf(line);
        if (!whole) return { main: t('nothing'), range: '' };
        if (line.stepped)
          return whole.min === whole.max
            ? { main: value(whole.min, 0), range: '' }
            : { main: '', range: t('between', { min: value(whole.min, 0), max: value(whole.max, 0) }) };
        return {
          main: t('average', { value: value(whole.avg, 1) }),
          range: between(whole.min, whole.max, false),
        };
      }
      const [avg, least, most] = [line.avg[at], line.min[at], line.max[at]];
      if (avg == null) return { main: t('nothing'), range: '' };
      return { main: value(avg, 1), range: between(least ?? avg, most ?? avg, line.stepped) };
    });
    const when =
      at === null
        ? t('range', { from: format.dateTime(from), to: format.dateTime(to) })
        : stepMs < HOUR_MS
          ? format.dateTime(from + at * stepMs)
          : // What stands for hours is not of one second.
            t('range', {
              from: format.minute(from + at * stepMs),
              to: format.minute(Math.min(to, from + (at + 1) * stepMs)),
            });
    const spoken = [
      when,
      ...lines.map(({ label }, i) => `${label}: ${values[i]?.main} ${values[i]?.range}`),
    ].join('; ');
    return { when, values, spoken };
  }, [from, to, stepMs, lines, value, at, t, format]);
}
