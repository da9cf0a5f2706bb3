import { ActionIcon, Button, Group, Select, Tooltip } from '@mantine/core';
import {
  IconChevronLeft,
  IconChevronRight,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipBack,
  IconPlayerSkipForward,
  IconRewindBackward10,
  IconRewindForward10,
  IconVolume,
  IconVolumeOff,
  type TablerIcon,
} from '@tabler/icons-react';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { GroupState } from './group-state.ts';
import classes from './player.module.css';

/** Speeds offered, forwards and backwards. */
export const RATES = [0.25, 0.5, 1, 2, 4, 8, 16] as const;

interface PlaybackBarProps {
  state: Pick<GroupState, 'mode' | 'playing' | 'rate' | 'sound'>;
  onToggle: () => void;
  onStep: (direction: 1 | -1) => void;
  onSkip: (ms: number) => void;
  onRate: (rate: number) => void;
  onLive: () => void;
  /** Undefined where the person may not hear. */
  onSound: (() => void) | undefined;
  /** Undefined while there is none to go to. */
  onBefore: (() => void) | undefined;
  onAfter: (() => void) | undefined;
  /** Two full rows, as on a phone. */
  tight: boolean;
  /** Stands at the end of the second row. */
  more: ReactNode;
}

const FRACTIONS: Readonly<Record<number, string>> = { 0.25: '¼', 0.5: '½' };
const rateLabel = (rate: number): string =>
  `${rate < 0 ? '−' : ''}${FRACTIONS[Math.abs(rate)] ?? Math.abs(rate)}×`;

/** Buttons under the picture; each names the key that does the same. */
export function PlaybackBar(props: PlaybackBarProps) {
  const { t } = useTranslation('player');
  const speed = useRef<HTMLInputElement>(null);
  const { mode, playing, rate, sound } = props.state;
  const soundLabel = t(sound === null ? 'sound-on' : `sound.${sound}`);
  const button = (label: string, Icon: TablerIcon, onClick: (() => void) | undefined, testId?: string) => (
    <Tooltip label={label}>
      <ActionIcon
        variant="default"
        size={34}
        aria-label={label}
        disabled={!onClick}
        onClick={onClick}
        data-testid={testId}
      >
        <Icon size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
  const live = (
    <Button
      size="sm"
      px={props.tight ? 10 : undefined}
      variant={mode === 'live' ? 'filled' : 'default'}
      color={mode === 'live' ? 'red.9' : undefined}
      aria-label={t(mode === 'live' ? 'is-live' : 'to-live')}
      onClick={props.onLive}
      data-testid="to-live"
    >
      {t(mode === 'live' ? 'is-live' : props.tight ? 'to-live-short' : 'to-live')}
    </Button>
  );
  return (
    <div className={classes.controls} role="toolbar" aria-label={t('controls')}>
      <Group gap={4} wrap="nowrap">
        {button(t('recording-before'), IconPlayerSkipBack, props.onBefore, 'recording-before')}
        {button(t('back-10'), IconRewindBackward10, () => props.onSkip(-10_000))}
        {button(t('frame-back'), IconChevronLeft, () => props.onStep(-1), 'frame-back')}
        {button(
          playing ? t('pause') : t('play'),
          playing ? IconPlayerPause : IconPlayerPlay,
          props.onToggle,
          'play-pause',
        )}
        {button(t('frame-on'), IconChevronRight, () => props.onStep(1), 'frame-on')}
        {button(t('on-10'), IconRewindForward10, mode === 'live' ? undefined : () => props.onSkip(10_000))}
        {button(t('recording-after'), IconPlayerSkipForward, props.onAfter, 'recording-after')}
        {props.tight && live}
      </Group>
      <Group gap={4} wrap={props.tight ? 'wrap' : 'nowrap'}>
        <Tooltip label={t('backwards')}>
          <ActionIcon
            variant={rate < 0 ? 'filled' : 'default'}
            size={34}
            aria-label={t('backwards')}
            aria-pressed={rate < 0}
            onClick={() => props.onRate(-rate)}
          >
            {/* Play, looking the other way: an arrow that turns back is the sign of undoing. */}
            <IconPlayerPlay size={18} aria-hidden style={{ transform: 'scaleX(-1)' }} />
          </ActionIcon>
        </Tooltip>
        <Select
          ref={speed}
          // The keys of the player work again at once.
          onDropdownClose={() => speed.current?.blur()}
          w={84}
          size="sm"
          aria-label={t('speed')}
          data-testid="speed"
          data={[...RATES]
            .map((one) => (rate < 0 ? -one : one))
            .map((one) => ({
              value: String(one),
              label: rateLabel(one),
            }))}
          value={String(rate)}
          onChange={(value) => value !== null && props.onRate(Number(value))}
          allowDeselect={false}
          comboboxProps={{ width: 100 }}
        />
        {props.onSound && (
          <Tooltip label={soundLabel}>
            <ActionIcon
              variant={sound === null ? 'default' : 'filled'}
              size={34}
              aria-label={soundLabel}
              aria-pressed={sound !== null}
              disabled={mode === 'live'}
              onClick={props.onSound}
              data-testid="sound"
              data-sound={sound ?? 'off'}
            >
              {sound === 'heard' ? (
                <IconVolume size={18} aria-hidden />
              ) : (
                <IconVolumeOff size={18} aria-hidden />
              )}
            </ActionIcon>
          </Tooltip>
        )}
        {!props.tight && live}
        {props.more}
      </Group>
    </div>
  );
}
