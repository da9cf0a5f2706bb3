import { Button, Progress, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconLock, IconVideoOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../hub/session.tsx';
import { useDisplayAwake } from '../ui/native.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { useFailureText } from './failure-text.ts';
import type { LiveState } from './live-session.ts';
import type { Way } from './live-tile.ts';
import { PlayerFrame } from './PlayerFrame.tsx';
import classes from './player.module.css';
import { SoundButton } from './SoundButton.tsx';
import { useHubNow } from './useHubNow.ts';
import { useLiveTile } from './useLiveTile.ts';
import { usePoster, useSaveFrame } from './useSnapshot.ts';

export interface LivePlayerProps {
  cameraId: string;
  name: string;
  /** `ratio` keeps 16:9; `fill` takes the height that there is. */
  fit?: 'ratio' | 'fill';
  /** `auto` takes the second stream for small tiles where the camera has one, the main stream otherwise. */
  stream?: 'main' | 'second' | 'auto';
  /** For a wall's tile: little writing and no buttons. */
  compact?: boolean;
}

/** A camera's live picture. Mounts, starts; unmounts, ends everything it began. */
export function LivePlayer(props: LivePlayerProps) {
  const { cameraId, name, fit = 'ratio', compact = false } = props;
  const session = useSession();
  const hubNow = useHubNow();
  const { stage, still, frame, state, retry } = useLiveTile({
    cameraId,
    name,
    stream: props.stream ?? 'auto',
  });
  const waiting = state.frameUtc === null && (state.phase === 'starting' || state.phase === 'problem');
  const poster = usePoster(cameraId, waiting);
  useDisplayAwake(state.phase === 'live');
  const save = useSaveFrame(cameraId, name);
  const blank = isBlank(state);
  return (
    <PlayerFrame
      testId="live-player"
      state={state.phase}
      name={name}
      fit={fit}
      compact={compact}
      transport={state.way === 'socket' ? 'socket' : 'hls'}
      stage={stage}
      still={still}
      frame={frame}
      poster={poster?.url ?? null}
      dimmed={state.phase !== 'live'}
      blank={blank}
      signs={<LiveSigns state={state} way={state.way} compact={compact} />}
      message={
        <LiveMessage
          state={state}
          posterAt={poster?.at ?? null}
          hubNow={hubNow}
          retry={retry}
          compact={compact}
        />
      }
      tools={!compact && !blank && <SoundButton cameraId={cameraId} />}
      onSnapshot={session.can('video.snapshot') && !blank ? () => void save(null) : null}
    />
  );
}

/** Whether there is no picture that might be shown. */
export const isBlank = ({ phase }: LiveState): boolean =>
  phase === 'refused' || phase === 'signed-out' || phase === 'no-stream';

interface LiveSignsProps {
  state: LiveState;
  /** By which way the picture comes, where that is worth telling. */
  way?: Way;
  compact?: boolean;
}

/** Badge, true time and delay of a live picture. */
export function LiveSigns({ state, way, compact = false }: LiveSignsProps) {
  const { t } = useTranslation('player');
  const format = useFormat();
  if (state.phase !== 'live') return null;
  return (
    <>
      <span className={classes.badge} data-kind="live">
        <span className={classes.dot} aria-hidden />
        {!compact && t('live')}
      </span>
      {state.latencyMs !== null && (
        <Tooltip label={t('latency-hint')} withinPortal={false}>
          <span className={compact ? 'tabular' : `${classes.wide} tabular`} data-testid="latency">
            {t(compact ? 'latency-short' : 'latency', {
              seconds: format.number(state.latencyMs / 1000, 1),
            })}
            {way && !compact && <span className={classes.way}> · {t(`way.${way}`)}</span>}
          </span>
        </Tooltip>
      )}
      {state.frameUtc !== null && (
        <time
          className="tabular"
          title={t('frame-time')}
          dateTime={new Date(state.frameUtc).toISOString()}
          data-testid="frame-time"
        >
          {compact ? format.time(state.frameUtc) : format.dateTime(state.frameUtc)}
        </time>
      )}
    </>
  );
}

interface LiveMessageProps {
  state: LiveState;
  posterAt: number | null;
  hubNow: () => number;
  retry: () => void;
  compact?: boolean;
}

/** What is written over a picture that is not live. */
export function LiveMessage({ state, posterAt, hubNow, retry, compact = false }: LiveMessageProps) {
  const { t } = useTranslation('player');
  const format = useFormat();
  const failureText = useFailureText();
  const seen = state.frameUtc ?? posterAt;
  const dated = seen !== null && (
    <div className={classes.hint}>{t('last-picture', { time: format.dateTime(seen) })}</div>
  );
  switch (state.phase) {
    case 'live':
      return null;
    case 'hidden':
      return <div className={classes.hint}>{t('hidden')}</div>;
    case 'starting':
      return (
        <>
          <div className={classes.title}>{t('starting')}</div>
          <Progress className={classes.progress} value={100} animated size="sm" aria-label={t('starting')} />
          {dated}
        </>
      );
    case 'stalled':
      return (
        <>
          <IconAlertTriangle size={26} aria-hidden />
          <div className={classes.title}>
            {state.frameUtc === null ? t('problem') : t('stalled', { time: format.time(state.frameUtc) })}
          </div>
          {state.frameUtc !== null && (
            <div className={classes.hint}>
              {t('stalled-for', { duration: format.duration(hubNow() - state.frameUtc) })}
            </div>
          )}
        </>
      );
    case 'refused':
    case 'no-stream':
    case 'signed-out':
    case 'problem': {
      const text = failureText(state.failure ?? { kind: 'network', status: 0 }, 'live');
      const passing = state.phase === 'problem';
      const Icon = passing ? IconAlertTriangle : state.phase === 'no-stream' ? IconVideoOff : IconLock;
      return (
        <>
          <Icon size={26} aria-hidden />
          <div className={classes.title}>{text.title}</div>
          {text.hint && <div className={classes.hint}>{text.hint}</div>}
          {passing && dated}
          {passing && !compact && <div className={classes.hint}>{t('trying')}</div>}
          {!compact && (passing || state.phase === 'refused') && (
            <Button size="compact-xs" variant="default" onClick={retry} style={{ flex: 'none' }}>
              {t('retry-now')}
            </Button>
          )}
        </>
      );
    }
  }
}
