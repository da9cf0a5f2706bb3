import uPlot from 'uplot';
import { tickLabels } from '../archive/tick-labels.ts';
import { type Tick, ticks } from '../archive/ticks.ts';
import { type CityZone, cityZone } from '../time/city-zone.ts';
import { type ChartLine, type ChartScale, lonePoints, scaleRange } from './chart-data.ts';
import { BAND_ALPHA, chartInks, lineLooks } from './chart-look.ts';

export interface PlotOptions {
  element: HTMLElement;
  width: number;
  height: number;
  scheme: 'dark' | 'light';
  timeZone: string;
  language: string;
  lines: readonly Pick<ChartLine, 'stepped'>[];
  scale: ChartScale;
  /** Text beside the vertical scale. */
  value: (value: number, digits: number) => string;
  /** Charts of one key move their cursors together. */
  syncKey: string;
  /** UTC ms; asked at every drawing. */
  range: () => [from: number, to: number];
  onCursor: (index: number | null) => void;
  /** A stretch was drawn with the pointer; UTC ms. */
  onSelect: (from: number, to: number) => void;
}

/** The x values, then average, least and most of each line, as uPlot takes them. */
export const plotData = (times: readonly number[], lines: readonly ChartLine[]): uPlot.AlignedData => [
  [...times],
  ...lines.flatMap(({ avg, min, max }) => [[...avg], [...min], [...max]]),
];

/** A drawn stretch must be this wide to be meant, px. */
const MEANT_PX = 12;

/** Puts a chart of lines with their bands into an element. Time runs by the city's clock, hours that come twice too. */
export function createPlot(options: PlotOptions): uPlot {
  const { element, width, height, scheme, lines, onCursor, onSelect } = options;
  const ink = chartInks[scheme];
  const axis = {
    stroke: ink.text,
    grid: { stroke: ink.grid, width: 1 },
    ticks: { stroke: ink.grid, width: 1 },
  };
  return new uPlot(
    {
      ...{ width, height, pxAlign: 0, legend: { show: false } },
      padding: [8, 10, 0, 0],
      scales: {
        x: { time: false, range: () => options.range() },
        y: { range: (_plot, least, most) => scaleRange(options.scale, least, most) },
      },
      axes: [
        { ...axis, ...timeAxis(cityZone(options.timeZone), options.language), font: FONT, size: 30 },
        {
          ...axis,
          font: FONT,
          size: (_plot, labels) => 18 + 6.4 * Math.max(0, ...(labels ?? []).map((text) => text.length)),
          values: (_plot, splits, _axis, _space, step) =>
            // Nought needs no unit, and has a smaller one than the figures above it.
            splits.map((value) => (value === 0 ? '0' : options.value(value, Number.isInteger(step) ? 0 : 1))),
        },
      ],
      series: [{}, ...lines.flatMap((line, i) => seriesOf(line, i, scheme))],
      bands: lines.map((_line, i) => ({
        series: [i * 3 + 3, i * 3 + 2],
        fill: `${lookOf(i)[scheme]}${BAND_ALPHA}`,
      })),
      cursor: {
        sync: { key: options.syncKey },
        drag: { x: true, y: false, setScale: false },
        points: { show: false },
      },
      hooks: {
        setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)],
        setSelect: [
          (plot) => {
            const { left, width: wide } = plot.select;
            if (wide === 0) return;
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            if (wide >= MEANT_PX) onSelect(plot.posToVal(left, 'x'), plot.posToVal(left + wide, 'x'));
          },
        ],
      },
    },
    plotData([], []),
    element,
  );
}

const FONT = '11.5px "Inter Variable", system-ui, sans-serif';

export const lookOf = (index: number): (typeof lineLooks)[number] =>
  lineLooks[index % lineLooks.length] ?? lineLooks[0];

function seriesOf(
  { stepped }: Pick<ChartLine, 'stepped'>,
  index: number,
  scheme: 'dark' | 'light',
): uPlot.Series[] {
  const look = lookOf(index);
  const stroke = look[scheme];
  const paths = stepped ? uPlot.paths.stepped?.({ align: 1 }) : uPlot.paths.linear?.();
  const edge: uPlot.Series = { paths, width: 0, points: { show: false } };
  return [
    {
      ...{ paths, stroke, width: 1.75, dash: [...look.dash] },
      points: {
        show: false,
        size: 4,
        fill: stroke,
        filter: (plot, seriesIndex) => lonePoints([...(plot.data[seriesIndex] ?? [])]),
      },
    },
    edge,
    edge,
  ];
}

/** A date of the axis with the room about it. */
const LABEL_PX = 78;

/** Round times of the city's clock, as many as there is room for. */
function timeAxis(zone: CityZone, language: string): Pick<uPlot.Axis, 'splits' | 'values'> {
  const label = tickLabels(zone.timeZone, language);
  let shown: Tick[] = [];
  return {
    splits: (plot, _axis, from, to) => {
      shown = ticks({ from, to }, plot.width - 76, zone, LABEL_PX);
      return shown.map(({ at }) => at);
    },
    values: () => shown.map(label),
  };
}
