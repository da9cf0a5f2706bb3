import { parseArgs } from 'node:util';
import { endChildrenOnSignals } from './broken-off.ts';
import { type Figure, printTable, writeJson } from './figures.ts';
import { readHealthOptions } from './health/options.ts';
import { health } from './health.ts';
import { smoke } from './smoke.ts';
import { timeline } from './timeline.ts';
import { readVideoOptions } from './video/options.ts';
import { printRows, video } from './video.ts';

/** Benches by name; each measures the built product from outside. */
const benches: Record<string, () => Promise<Figure[]>> = { smoke, timeline };

/** `video` has options and a table of its own. */
async function runVideo(args: string[]): Promise<void> {
  const { json, ...options } = readVideoOptions(args);
  const rows = await video(options);
  printRows(rows);
  if (json) writeJson(json, rows);
  process.exitCode = rows.every(({ ok }) => ok) ? 0 : 1;
}

/** `health` has options of its own. */
async function runHealth(args: string[]): Promise<void> {
  const { json, ...options } = readHealthOptions(args);
  const figures = await health(options);
  printTable(figures);
  if (json) writeJson(json, figures);
  process.exitCode = figures.every((figure) => figure.ok) ? 0 : 1;
}

async function runPlain(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'string' } },
  });
  const bench = benches[positionals[0] ?? ''];
  if (!bench) {
    console.error(
      `npm run bench -- NAME [--json FILE], where NAME is one of: ${[...Object.keys(benches), 'video', 'health'].join(', ')}`,
    );
    process.exitCode = 2;
    return;
  }
  const figures = await bench();
  printTable(figures);
  if (values.json) writeJson(values.json, figures);
  process.exitCode = figures.every((figure) => figure.ok) ? 0 : 1;
}

endChildrenOnSignals();
const args = process.argv.slice(2);
const withOptions: Record<string, (args: string[]) => Promise<void>> = { video: runVideo, health: runHealth };
await (withOptions[args[0] ?? '']?.(args.slice(1)) ?? runPlain(args));
