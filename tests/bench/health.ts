import { loadavg } from 'node:os';
import { messageOf } from '../../main/base/errors.ts';
import { type Figure, shown } from './figures.ts';
import { chart } from './health/chart.ts';
import { type BenchCity, prepareCity } from './health/city.ts';
import { consoles } from './health/consoles.ts';
import { history } from './health/history.ts';
import { ingest } from './health/ingest.ts';
import { kill } from './health/kill.ts';
import { memory } from './health/memory.ts';
import type { HealthOptions } from './health/options.ts';
import { pixel } from './health/pixel.ts';
import { returns } from './health/returns.ts';
import { stored } from './health/stored.ts';
import { table } from './health/table.ts';
import { will } from './health/will.ts';

export type HealthPart = (options: HealthOptions, city: BenchCity) => Promise<Figure[]>;

/** Each part starts what it needs and ends it, so that any of them can be run alone. */
const parts: Record<string, HealthPart> = {
  ingest,
  stored,
  pixel,
  table,
  will,
  memory,
  history,
  chart,
  consoles,
  returns,
  kill,
};

/** All that the health rooms promise, measured at the built product from outside. */
export async function health(options: HealthOptions): Promise<Figure[]> {
  const wanted = options.only ?? Object.keys(parts);
  const unknown = wanted.filter((name) => !parts[name]);
  if (unknown.length > 0)
    throw new Error(`no part ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
  console.error(`a city of ${options.devices} devices …`);
  const city = await prepareCity(options.devices);
  const figures: Figure[] = [];
  try {
    for (const name of wanted) {
      const load = loadavg()[0]?.toFixed(1);
      const started = performance.now();
      console.error(`${name} … (load before: ${load})`);
      try {
        for (const figure of (await parts[name]?.(options, city)) ?? [])
          figures.push({ ...figure, note: [figure.note, `load before ${load}`].filter(Boolean).join('; ') });
      } catch (error) {
        figures.push({ ...shown(name, Number.NaN, ''), ok: false, note: `missing: ${messageOf(error)}` });
      }
      console.error(`${name} took ${((performance.now() - started) / 1000).toFixed(0)} s`);
    }
  } finally {
    city.remove();
  }
  return figures;
}
