import type { ApRow } from './rows.ts';

/** How many points have something; `value` is empty for those that never told. */
export interface VersionCount {
  model: string;
  value: string;
  count: number;
}

function counted(
  rows: readonly ApRow[],
  of: (row: ApRow) => { model: string; value: string },
): VersionCount[] {
  const found = new Map<string, VersionCount>();
  for (const row of rows) {
    const { model, value } = of(row);
    const key = JSON.stringify([model, value]);
    const known = found.get(key) ?? { model, value, count: 0 };
    known.count += 1;
    found.set(key, known);
  }
  return [...found.values()].sort(
    (a, b) => a.model.localeCompare(b.model) || b.count - a.count || a.value.localeCompare(b.value),
  );
}

/** Firmware by model, since a version means something within its model only; the most common of a model first. */
export const firmwareVersions = (rows: readonly ApRow[]): VersionCount[] =>
  counted(rows, ({ model, firmware }) => ({ model, value: firmware ?? '' }));

/** Configurations over all models, the most common first. */
export const configVersions = (rows: readonly ApRow[]): VersionCount[] =>
  counted(rows, ({ configId }) => ({ model: '', value: configId ?? '' }));
