/** One fragment of a playlist on the player's own time line: `start` and `duration` in seconds, `utc` in ms. */
export interface Anchor {
  readonly start: number;
  readonly duration: number;
  /** True time of its first frame; null where the playlist did not say. */
  readonly utc: number | null;
}

/** Beyond the last fragment that the playlist names, parts are already playing: how far they are believed, s. */
const AHEAD_S = 30;

/**
 * The true time of what plays at `mediaTime`, ms UTC; undefined where the playlist does not tell. Right across
 * gaps: each fragment says its own time, nothing is counted through.
 */
export function utcAt(anchors: readonly Anchor[], mediaTime: number): number | undefined {
  let best: Anchor | undefined;
  for (const anchor of anchors) {
    if (anchor.utc === null) continue;
    if (anchor.start <= mediaTime + 0.0005) best = anchor;
    else break;
  }
  if (!best || best.utc === null) return undefined;
  const inside = mediaTime - best.start;
  // Between two fragments there is no footage: the last frame before stays on the screen.
  const most = best === anchors.at(-1) ? best.duration + AHEAD_S : best.duration;
  return best.utc + Math.max(0, Math.min(inside, most)) * 1000;
}
