import { Button, Progress } from '@mantine/core';
import { IconAlertTriangle, IconLock, IconVideoOff } from '@tabler/icons-react';
import { type Ref, useCallback, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Timeline } from '../../main/contract/video.ts';
import { hubGet, queryString } from '../hub/client.ts';
import { useEvent } from '../hub/EventsProvider.tsx';
import { useSession } from '../hub/session.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { useFailureText } from './failure-text.ts';
import { isBlank, LiveMessage, LiveTop } from './LivePlayer.tsx';
import { PlayerFrame } from './PlayerFrame.tsx';
import { createPlayback, initialPlayback, type PlaybackControls, type PlaybackState } from './playback.ts';
import classes from './player.module.css';
import { streamReason } from './stream-reason.ts';
import { useHubNow } from './useHubNow.ts';
import { useSaveFrame } from './useSnapshot.ts';

interface ArchivePlayerProps {
  cameraId: string;
  name: string;
  /** Where to begin, UTC ms; null is live. Later moves go through `ref`. */
  startAt: number | null;
  fit?: 'ratio' | 'fill';
  onChange?: (state: PlaybackState) => void;
  ref?: Ref<PlaybackControls>;
}

export const timelinePath = (cameraId: string, from: number, to: number): string =>
  `/api/video/${encodeURIComponent(cameraId)}/timeline${queryString({ from: Math.floor(from), to: Math.ceil(to) })}`;

/** The recording of a camera, and live beyond its end. */
export function ArchivePlayer({ cameraId, name, startAt, fit = 'ratio', onChange, ref }: ArchivePlayerProps) {
  const { can } = useSession();
  const hubNow = useHubNow();
  const video = useRef<HTMLVideoElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const playback = useRef<ReturnType<typeof createPlayback> | null>(null);
  const first = useRef(startAt);
  const listener = useRef(onChange);
  const [state, setState] = useState<PlaybackState>(initialPlayback);
  const { mode, archive, live } = state;

  useEffect(() => {
    listener.current = onChange;
  });
  useEffect(() => {
    if (!video.current || !still.current) return;
    const fresh = createPlayback({
      video: video.current,
      still: still.current,
      cameraId,
      startAt: first.current,
      now: hubNow,
      timeline: (from, to, signal) => hubGet(timelinePath(cameraId, from, to), Timeline, signal),
      problem: (signal) => streamReason(cameraId, signal),
      onChange: (next) => {
        setState(next);
        listener.current?.(next);
      },
      onFrame: (utc) => {
        if (frame.current) frame.current.dataset.currentUtc = String(Math.round(utc));
      },
    });
    playback.current = fresh;
    return () => {
      // A remount for another reason than a new place goes on where it was.
      first.current = fresh.state().mode === 'live' ? null : fresh.position();
      fresh.stop();
      playback.current = null;
      setState(initialPlayback);
    };
  }, [cameraId, hubNow]);

  const controls = useCallback(() => playback.current, []);
  useImperativeHandle(
    ref,
    () => ({
      go: (utc, play) => controls()?.go(utc, play),
      play: () => controls()?.play(),
      pause: () => controls()?.pause(),
      setRate: (rate) => controls()?.setRate(rate),
      step: (direction) => controls()?.step(direction),
      toLive: () => controls()?.toLive(),
      retry: () => controls()?.retry(),
      position: () => controls()?.position() ?? null,
      state: () => controls()?.state() ?? initialPlayback,
    }),
    [controls],
  );
  useEvent('rights', () => {
    if (refused(state)) playback.current?.retry();
  });
  useEvent('devices', () => {
    if (state.mode === 'live' && live.phase === 'no-stream') playback.current?.retry();
  });

  const save = useSaveFrame(cameraId, name);
  const blank =
    mode === 'live'
      ? isBlank(live)
      : archive.phase === 'refused' || archive.phase === 'signed-out' || archive.phase === 'nothing';
  const look = mode === 'live' ? live.phase : archive.phase === 'ready' ? playing(archive) : archive.phase;
  return (
    <PlayerFrame
      testId="archive-player"
      state={mode === 'live' ? `live-${look}` : look}
      name={name}
      fit={fit}
      video={video}
      still={still}
      frame={frame}
      poster={null}
      dimmed={mode === 'live' ? live.phase !== 'live' : archive.phase === 'problem'}
      blank={blank}
      top={mode === 'live' ? <LiveTop state={live} /> : <ArchiveTop at={archive.currentUtc} />}
      message={
        mode === 'live' ? (
          <LiveMessage state={live} posterAt={null} hubNow={hubNow} retry={() => playback.current?.retry()} />
        ) : (
          <ArchiveMessage state={state} retry={() => playback.current?.retry()} />
        )
      }
      onSnapshot={
        can('video.snapshot') && !blank
          ? () => void save(mode === 'live' ? null : (playback.current?.position() ?? null))
          : null
      }
    />
  );
}

const playing = ({ playing, waiting }: PlaybackState['archive']): string =>
  waiting ? 'waiting' : playing ? 'playing' : 'paused';

const refused = ({ mode, archive, live }: PlaybackState): boolean =>
  (mode === 'live' ? live.phase : archive.phase) === 'refused';

function ArchiveTop({ at }: { at: number | null }) {
  const { t } = useTranslation(['common', 'player']);
  const format = useFormat();
  return (
    <>
      <span className={classes.badge} data-kind="archive">
        {t('screen.archive')}
      </span>
      <span className={classes.grow} />
      {at !== null && (
        <time
          className="tabular"
          title={t('player:frame-time')}
          dateTime={new Date(at).toISOString()}
          data-testid="frame-time"
        >
          {format.dateTime(at)}
        </time>
      )}
    </>
  );
}

function ArchiveMessage({ state: { archive }, retry }: { state: PlaybackState; retry: () => void }) {
  const { t } = useTranslation(['player', 'common']);
  const failureText = useFailureText();
  if (archive.phase === 'loading' || (archive.phase === 'ready' && archive.waiting))
    return <LateProgress label={t(archive.phase === 'loading' ? 'loading-archive' : 'waiting')} />;
  if (archive.phase === 'ready') return null;
  if (archive.phase === 'nothing')
    return (
      <>
        <IconVideoOff size={28} aria-hidden />
        <div className={classes.title}>{t('nothing')}</div>
        <div className={classes.hint}>{t('nothing-do')}</div>
      </>
    );
  const text = failureText(archive.failure ?? { kind: 'network', status: 0 }, 'archive');
  const Icon = archive.phase === 'problem' ? IconAlertTriangle : IconLock;
  return (
    <>
      <Icon size={28} aria-hidden />
      <div className={classes.title}>{text.title}</div>
      {text.hint && <div className={classes.hint}>{text.hint}</div>}
      {archive.phase !== 'signed-out' && (
        <Button size="compact-xs" variant="default" onClick={retry} style={{ flex: 'none' }}>
          {t('common:retry')}
        </Button>
      )}
    </>
  );
}

/** Progress for what takes longer than half a second. */
function LateProgress({ label }: { label: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 500);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <>
      <div className={classes.title}>{label}</div>
      <Progress className={classes.progress} value={100} animated size="sm" aria-label={label} />
    </>
  );
}
