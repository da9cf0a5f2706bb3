import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { TrackName } from '../../main/contract/video.ts';
import { useEvent } from '../hub/EventsProvider.tsx';
import { useTiles } from '../hub/TilesProvider.tsx';
import { createLiveTile, initialTile, type LiveTile, type TileState } from './live-tile.ts';
import classes from './player.module.css';
import { streamReason } from './stream-reason.ts';
import { useHubNow } from './useHubNow.ts';

/** Tiles narrower than this take the second stream; a little more brings the main one back, pixels of the screen. */
const SMALL_BELOW_PX = 640;
const LARGE_ABOVE_PX = 720;

const SMALL: readonly TrackName[] = ['second', 'main'];
const LARGE: readonly TrackName[] = ['main', 'second'];

export interface LiveTileView {
  stage: RefObject<HTMLDivElement | null>;
  still: RefObject<HTMLCanvasElement | null>;
  frame: RefObject<HTMLDivElement | null>;
  state: TileState;
  retry: () => void;
}

/** A live tile as a component has it: stopped with it, at rest out of sight, its stream chosen by its size. */
export function useLiveTile({
  cameraId,
  name,
  stream,
}: {
  cameraId: string;
  name: string;
  stream: 'main' | 'second' | 'auto';
}): LiveTileView {
  const connection = useTiles();
  const hubNow = useHubNow();
  const stage = useRef<HTMLDivElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const running = useRef<LiveTile | null>(null);
  const label = useRef(name);
  label.current = name;
  const [state, setState] = useState<TileState>(initialTile);

  useEffect(() => {
    const { current: host } = stage;
    const { current: box } = frame;
    if (!host || !still.current || !box) return;
    const tile = createLiveTile({
      host,
      still: still.current,
      className: classes.picture ?? '',
      cameraId,
      label: label.current,
      connection,
      now: hubNow,
      tracks: tracksFor(stream, box.clientWidth * devicePixelRatio, LARGE),
      problem: (signal) => streamReason(cameraId, signal),
      onChange: setState,
      onFrame: (utc) => {
        box.dataset.currentUtc = String(Math.round(utc));
      },
    });
    running.current = tile;
    const sight = new IntersectionObserver((entries) =>
      tile.setVisible(entries.at(-1)?.isIntersecting ?? true),
    );
    sight.observe(box);
    let taken = LARGE;
    const size = new ResizeObserver(() => {
      taken = tracksFor(stream, box.clientWidth * devicePixelRatio, taken);
      tile.setTracks(taken);
    });
    size.observe(box);
    return () => {
      sight.disconnect();
      size.disconnect();
      tile.stop();
      running.current = null;
      setState(initialTile);
    };
  }, [cameraId, hubNow, connection, stream]);
  // A right may come back as it went.
  useEvent('rights', () => {
    if (state.phase === 'refused') running.current?.retry();
  });
  useEvent('devices', () => {
    if (state.phase === 'no-stream') running.current?.retry();
  });
  const retry = useCallback(() => running.current?.retry(), []);
  return { stage, still, frame, state, retry };
}

function tracksFor(
  stream: 'main' | 'second' | 'auto',
  widthPx: number,
  before: readonly TrackName[],
): readonly TrackName[] {
  if (stream !== 'auto') return stream === 'second' ? SMALL : LARGE;
  if (widthPx < SMALL_BELOW_PX) return SMALL;
  return widthPx > LARGE_ABOVE_PX ? LARGE : before;
}
