/** Adds or takes away. The very set when nothing changes. */
export function withSelected(
  selected: ReadonlySet<string>,
  ids: readonly string[],
  on: boolean,
): ReadonlySet<string> {
  if (ids.every((id) => selected.has(id) === on)) return selected;
  const next = new Set(selected);
  for (const id of ids)
    if (on) next.add(id);
    else next.delete(id);
  return next;
}

/**
 * What a click with Shift means: all from the row clicked before to this one, in the order shown. This one alone when
 * the one before is not shown any more.
 */
export function rangeOf(order: readonly string[], before: string | null, clicked: string): readonly string[] {
  const from = before === null ? -1 : order.indexOf(before);
  const to = order.indexOf(clicked);
  return from < 0 || to < 0 ? [clicked] : order.slice(Math.min(from, to), Math.max(from, to) + 1);
}
