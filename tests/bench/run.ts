import { parseArgs } from 'node:util';
import { type Figure, printTable, writeJson } from './figures.ts';
import { smoke } from './smoke.ts';

/** Benches by name; each measures the built product from outside. */
const benches: Record<string, () => Promise<Figure[]>> = { smoke };

const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } });
const bench = benches[positionals[0] ?? ''];
if (!bench) {
  console.error(
    `npm run bench -- NAME [--json FILE], where NAME is one of: ${Object.keys(benches).join(', ')}`,
  );
  process.exitCode = 2;
} else {
  const figures = await bench();
  printTable(figures);
  if (values.json) writeJson(values.json, figures);
  process.exitCode = figures.every((figure) => figure.ok) ? 0 : 1;
}
