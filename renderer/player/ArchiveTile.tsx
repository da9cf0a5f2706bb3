import { ActionIcon, Button, Progress, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconLock, IconVideoOff, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEvent } from '../hub/EventsProvider.tsx';
import { useSession } from '../hub/session.tsx';
import { useFormat } from '../ui/useFormat.ts';
import type { CameraState } from './camera-state.ts';
import { useFailureText } from './failure-text.ts';
import type { ArchiveGroup } from './group-contract.ts';
import type { GroupState } from './group-state.ts';
import { isBlank, LiveMessage, LiveSigns } from './LivePlayer.tsx';
import { PlayerFrame } from './PlayerFrame.tsx';
import classes from './player.module.css';
import { useHubNow } from './useHubNow.ts';
import { useSaveFrame } from './useSnapshot.ts';

interface ArchiveTileProps {
  group: ArchiveGroup | null;
  state: Pick<GroupState, 'mode' | 'playing' | 'waiting'>;
  camera: CameraState;
  cameraId: string;
  name: string;
  /** Its place among several, from 1; null when it is alone. */
  number: number | null;
  selected: boolean;
  onSelect: () => void;
  /** Null when it is the only one. */
  onRemove: (() => void) | null;
}

/** One camera of the archive: its picture at the group's time, or why there is none. */
export function ArchiveTile(props: ArchiveTileProps) {
  const { group, state, camera, cameraId, name, number, selected } = props;
  const { t } = useTranslation('player');
  const { can } = useSession();
  const hubNow = useHubNow();
  const video = useRef<HTMLVideoElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const pictures = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!group || !video.current || !still.current || !pictures.current) return;
    return group.attach(cameraId, {
      video: video.current,
      still: still.current,
      pictures: pictures.current,
      onFrame: (utc, driftMs) => {
        if (!frame.current) return;
        frame.current.dataset.currentUtc = String(Math.round(utc));
        if (driftMs === null) delete frame.current.dataset.driftMs;
        else frame.current.dataset.driftMs = driftMs.toFixed(1);
      },
    });
  }, [group, cameraId]);

  const { live, phase } = camera;
  useEffect(() => {
    if (phase !== 'ready' && frame.current) delete frame.current.dataset.driftMs;
  }, [phase]);
  const isLive = state.mode === 'live';
  useEvent('rights', () => {
    if ((isLive ? live.phase : phase) === 'refused') group?.retry(cameraId);
  });
  useEvent('devices', () => {
    if (isLive && live.phase === 'no-stream') group?.retry(cameraId);
  });

  const save = useSaveFrame(cameraId, name);
  const blank = isLive ? isBlank(live) : phase === 'refused' || phase === 'signed-out' || phase === 'nothing';
  const running = state.waiting ? 'waiting' : state.playing ? 'playing' : 'paused';
  const look = isLive ? `live-${live.phase}` : phase === 'ready' ? running : phase;
  const retry = () => group?.retry(cameraId);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the number keys select a camera too
    // biome-ignore lint/a11y/noStaticElementInteractions: the picture is no control; its buttons are
    <div className={classes.tile} data-selected={number !== null && selected} onClick={props.onSelect}>
      <PlayerFrame
        testId="archive-player"
        state={look}
        data={{ 'data-camera': cameraId, 'data-mode': state.mode }}
        name={number === null ? name : `${number} · ${name}`}
        fit="fill"
        video={video}
        still={still}
        pictures={pictures}
        frame={frame}
        poster={null}
        dimmed={isLive ? live.phase !== 'live' : phase === 'problem' || phase === 'gap'}
        blank={blank}
        signs={
          isLive ? <LiveSigns state={live} /> : <ArchiveSigns at={phase === 'gap' ? null : camera.frameUtc} />
        }
        message={
          isLive ? (
            <LiveMessage state={live} posterAt={null} hubNow={hubNow} retry={retry} />
          ) : (
            <ArchiveMessage camera={camera} waiting={state.waiting} retry={retry} />
          )
        }
        actions={
          props.onRemove && (
            <Tooltip label={t('remove-camera')} withinPortal={false}>
              <ActionIcon
                variant="subtle"
                size="md"
                aria-label={t('remove-camera')}
                onClick={(event) => {
                  event.stopPropagation();
                  props.onRemove?.();
                }}
              >
                <IconX size={18} />
              </ActionIcon>
            </Tooltip>
          )
        }
        onSnapshot={
          can('video.snapshot') && !blank && phase !== 'gap'
            ? () => void save(isLive ? null : camera.frameUtc)
            : null
        }
      />
    </div>
  );
}

function ArchiveSigns({ at }: { at: number | null }) {
  const { t } = useTranslation(['common', 'player']);
  const format = useFormat();
  return (
    <>
      <span className={classes.badge} data-kind="archive">
        {t('screen.archive')}
      </span>
      {at !== null && (
        <time
          className="tabular"
          title={t('player:frame-time')}
          dateTime={new Date(at).toISOString()}
          data-testid="frame-time"
        >
          {format.dateTime(at)}
          <span className={classes.fraction}>.{String(Math.floor(at) % 1000).padStart(3, '0')}</span>
        </time>
      )}
    </>
  );
}

interface ArchiveMessageProps {
  camera: CameraState;
  waiting: boolean;
  retry: () => void;
}

function ArchiveMessage({ camera, waiting, retry }: ArchiveMessageProps) {
  const { t } = useTranslation(['player', 'common', 'archive']);
  const format = useFormat();
  const failureText = useFailureText();
  const { phase, failure, gap } = camera;
  switch (phase) {
    case 'loading':
      return <LateProgress label={t('loading-archive')} />;
    case 'ready':
      return waiting ? <LateProgress label={t('waiting')} /> : null;
    case 'gap':
      return (
        <>
          <IconVideoOff size={26} aria-hidden />
          <div className={classes.title} data-testid="gap">
            {gap ? t(`archive:gap.${gap.reason}`) : t('archive:no-recording')}
          </div>
          {gap && (
            <div className={classes.hint}>
              {t('gap-span', { from: format.dateTime(gap.from), to: format.dateTime(gap.to) })}
            </div>
          )}
        </>
      );
    case 'nothing':
      return (
        <>
          <IconVideoOff size={28} aria-hidden />
          <div className={classes.title}>{t('nothing')}</div>
          <div className={classes.hint}>{t('nothing-do')}</div>
        </>
      );
    case 'refused':
    case 'signed-out':
    case 'problem': {
      const text = failureText(failure ?? { kind: 'network', status: 0 }, 'archive');
      const Icon = phase === 'problem' ? IconAlertTriangle : IconLock;
      return (
        <>
          <Icon size={28} aria-hidden />
          <div className={classes.title}>{text.title}</div>
          {text.hint && <div className={classes.hint}>{text.hint}</div>}
          {phase !== 'signed-out' && (
            <Button size="compact-xs" variant="default" onClick={retry} style={{ flex: 'none' }}>
              {t('common:retry')}
            </Button>
          )}
        </>
      );
    }
  }
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
