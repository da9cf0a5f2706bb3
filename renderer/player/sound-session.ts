import type { OpenTile, TileConnection } from '../hub/tile-connection.ts';
import { createEdge } from './edge.ts';
import { retryDelay } from './live-phase.ts';
import { createTileMedia, type TileMedia } from './tile-media.ts';

/** `none`: the camera has no sound now, or none may be heard. */
export type SoundState = 'starting' | 'playing' | 'none';

export interface SoundSession {
  /** 0 to 1. */
  setVolume(volume: number): void;
  stop(): void;
}

const LOOK_EVERY_MS = 200;
/** Steps in sound are heard, steps in its pace less: it keeps a little more distance than the picture, s. */
const START_SLACK_S = 0.25;

/** Plays a camera's sound from the tile connection, beside the picture and never holding it up. */
export function createSoundSession(options: {
  cameraId: string;
  volume: number;
  connection: TileConnection;
  onChange: (state: SoundState) => void;
}): SoundSession {
  const { connection, cameraId, onChange } = options;
  const audio = new Audio();
  audio.volume = options.volume;
  const edge = createEdge();
  let tile: OpenTile | null = null;
  let media: TileMedia | null = null;
  let begun = false;
  let attempt = 0;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const close = () => {
    clearTimeout(timer);
    tile?.close();
    tile = null;
    media?.close();
    media = null;
    begun = false;
  };

  const retryLater = (state: SoundState) => {
    if (stopped) return;
    close();
    onChange(state);
    timer = setTimeout(open, retryDelay(attempt++, Math.random()));
  };

  const play = async () => {
    try {
      await audio.play();
      attempt = 0;
      onChange('playing');
    } catch {
      // The browser lets no sound begin by itself: the button is pressed again.
      if (!stopped && media) onChange('none');
    }
  };

  const steer = () => {
    const range = media?.newest();
    if (!range) return;
    if (!begun) {
      begun = true;
      audio.currentTime = Math.max(range.startS, range.endS - START_SLACK_S);
      void play();
      return;
    }
    if (audio.seeking) return;
    const { rate, jumpToS } = edge.advise({ positionS: audio.currentTime, ...range }, performance.now());
    if (jumpToS !== undefined && jumpToS > audio.currentTime) audio.currentTime = jumpToS;
    else if (audio.playbackRate !== rate) audio.playbackRate = rate;
  };

  const open = () => {
    close();
    onChange('starting');
    media = createTileMedia({
      element: audio,
      kind: 'audio',
      onTaken(number) {
        tile?.acknowledge(number);
        steer();
      },
      onArrival(startS) {
        if (begun) edge.arrived(startS, performance.now());
      },
      onRun: edge.reset,
      onFailure: () => retryLater('none'),
    });
    tile = connection.open(cameraId, ['sound'], {
      opened: () => undefined,
      bytes(message) {
        if (message.kind === 'format') media?.format(message.format, message.bytes, message.number);
        else media?.fragment(message);
      },
      behind: () => undefined,
      down: () => onChange('none'),
      ended: (reason) => (reason === 'no-right' || reason === 'signed-out' ? end() : retryLater('none')),
      lost: () => retryLater('starting'),
    });
  };

  const end = () => {
    close();
    onChange('none');
  };

  const onWaiting = () => {
    if (begun && !audio.seeking) edge.ranDry(audio.currentTime, performance.now());
  };
  audio.addEventListener('waiting', onWaiting);
  const ticker = setInterval(steer, LOOK_EVERY_MS);
  open();

  return {
    setVolume(volume) {
      audio.volume = volume;
    },
    stop() {
      stopped = true;
      clearInterval(ticker);
      audio.removeEventListener('waiting', onWaiting);
      close();
    },
  };
}
