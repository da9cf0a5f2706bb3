import { loadavg } from 'node:os';
import { messageOf } from '../../main/base/errors.ts';
import { archive } from './video/archive.ts';
import { back } from './video/back.ts';
import { click, demand } from './video/click.ts';
import { glass } from './video/glass.ts';
import type { VideoOptions } from './video/options.ts';
import { recorded } from './video/recorded.ts';
import { missing, type Row } from './video/rows.ts';
import { tiles } from './video/tiles.ts';

/** Each part starts what it needs and ends it, so that any of them can be run alone. */
const parts: Record<string, (options: VideoOptions) => Promise<Row[]>> = {
  glass,
  click,
  demand,
  back,
  archive,
  tiles,
  recorded,
};

export const videoParts = Object.keys(parts);

/** All that the video rooms promise, measured at the built product from outside. */
export async function video(options: VideoOptions): Promise<Row[]> {
  const wanted = options.only ?? videoParts;
  const unknown = wanted.filter((name) => !parts[name]);
  if (unknown.length > 0)
    throw new Error(`no part ${unknown.join(', ')}; there are ${videoParts.join(', ')}`);
  const rows: Row[] = [];
  for (const name of wanted) {
    const load = loadavg()[0]?.toFixed(1);
    console.error(`${name} … (load before: ${load})`);
    try {
      const measured = await parts[name]?.(options);
      for (const row of measured ?? [])
        rows.push({ ...row, note: [row.note, `load before ${load}`].filter(Boolean).join('; ') });
    } catch (error) {
      rows.push(missing(name, messageOf(error)));
    }
  }
  return rows;
}

export function printRows(rows: readonly Row[]): void {
  console.table(
    rows.map(({ name, unit, p50, p95, limit, ok, baseline, note }) => ({
      ...{ name, p50: p50 ?? '', 'p95 or value': p95 ?? 'missing', unit, limit, ok: ok ? 'yes' : 'NO' },
      ...{ baseline, note: note ?? '' },
    })),
  );
}
