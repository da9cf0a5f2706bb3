import { ActionIcon, Group, SegmentedControl, Text, TextInput, Tooltip } from '@mantine/core';
import { IconCalendar, IconFocusCentered, IconKeyboard } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ArchivePlayer } from '../player/ArchivePlayer.tsx';
import { PlaybackBar } from '../player/PlaybackBar.tsx';
import { initialPlayback, type PlaybackControls, type PlaybackState } from '../player/playback.ts';
import { useHubNow } from '../player/useHubNow.ts';
import { ErrorState } from '../ui/states.tsx';
import { useFormat } from '../ui/useFormat.ts';
import classes from './archive.module.css';
import type { ArchiveAddress } from './archive-address.ts';
import { CameraPicker } from './CameraPicker.tsx';
import type { CityZone } from './city-zone.ts';
import { TimeField } from './TimeField.tsx';
import { TimelineBar } from './TimelineBar.tsx';
import { centred, following, type View, zoom } from './timeline-view.ts';
import { usePlayerKeys } from './usePlayerKeys.ts';
import { useRecordingJump } from './useRecordingJump.ts';
import { useTimeline } from './useTimeline.ts';

const MINUTE = 60_000;
const SPANS = [
  ['minute', MINUTE],
  ['ten-minutes', 10 * MINUTE],
  ['hour', 60 * MINUTE],
  ['six-hours', 360 * MINUTE],
  ['day', 1440 * MINUTE],
  ['week', 7 * 1440 * MINUTE],
  ['month', 31 * 1440 * MINUTE],
] as const;

interface ArchiveViewProps {
  address: ArchiveAddress;
  name: string;
  zone: CityZone;
  onPick: (cameraId: string, at: number | null) => void;
  onAddress: (address: ArchiveAddress) => void;
}

/** Player, timeline and all ways to a moment, for one camera. */
export function ArchiveView({ address, name, zone, onPick, onAddress }: ArchiveViewProps) {
  const { t } = useTranslation(['archive', 'player']);
  const format = useFormat();
  const hubNow = useHubNow();
  const { cameraId } = address;
  const player = useRef<PlaybackControls>(null);
  const [playback, setPlayback] = useState<PlaybackState>(initialPlayback);
  const [view, setView] = useState<View>(() => centred(address.at ?? hubNow(), 60 * MINUTE, hubNow()));
  /** The view runs along with the playhead until somebody moves it by hand. */
  const follows = useRef(true);
  const timeline = useTimeline(cameraId, view);

  const position =
    playback.mode === 'live' ? playback.live.frameUtc : (playback.archive.currentUtc ?? address.at);
  useEffect(() => {
    if (position !== null && follows.current) setView((before) => following(before, position, hubNow()));
  }, [position, hubNow]);

  const go = useCallback(
    (utc: number) => {
      follows.current = true;
      player.current?.go(utc);
      setView((before) =>
        utc >= before.from && utc <= before.to ? before : centred(utc, before.to - before.from, hubNow()),
      );
      onAddress({ cameraId, at: utc });
    },
    [cameraId, onAddress, hubNow],
  );
  // The address may change from outside: the command palette, the browser's back button.
  const addressed = useRef(address.at);
  useEffect(() => {
    if (address.at === addressed.current) return;
    addressed.current = address.at;
    const at = player.current?.position() ?? null;
    if (address.at !== null && (at === null || Math.abs(at - address.at) > 5000))
      player.current?.go(address.at);
  }, [address.at]);

  const jump = useRecordingJump(cameraId, timeline.data, go);
  usePlayerKeys(() => player.current);
  const span = view.to - view.from;
  const scale = SPANS.find(([, ms]) => Math.abs(ms / span - 1) < 0.02)?.[0] ?? '';
  const { oldest = null, newest = null } = timeline.data ?? {};
  const playing = playback.mode === 'live' || playback.archive.playing;
  const { skipped } = playback.archive;
  return (
    <>
      <div className={classes.bar}>
        <CameraPicker
          cameraId={cameraId}
          onPick={(id) => onPick(id, playback.mode === 'live' ? null : position)}
        />
        <TimeField key={cameraId} zone={zone} lookingAt={position ?? hubNow()} now={hubNow} onGo={go} />
        <DayField zone={zone} position={position ?? hubNow()} now={hubNow} onGo={go} />
      </div>
      <div className={classes.players}>
        <ArchivePlayer
          key={cameraId}
          ref={player}
          cameraId={cameraId}
          name={name}
          startAt={address.at}
          fit="fill"
          onChange={setPlayback}
        />
      </div>
      <div className={classes.under}>
        <PlaybackBar
          state={playback}
          onToggle={() => (playing ? player.current?.pause() : player.current?.play())}
          onStep={(direction) => player.current?.step(direction)}
          onSkip={(ms) => position !== null && go(position + ms)}
          onRate={(rate) => {
            player.current?.setRate(rate);
            player.current?.play();
          }}
          onLive={() => {
            follows.current = true;
            player.current?.toLive();
            onAddress({ cameraId, at: null });
          }}
          onBefore={
            position !== null && oldest !== null && oldest < position
              ? () => void jump(position, -1)
              : undefined
          }
          onAfter={
            position !== null && newest !== null && newest > position && playback.mode === 'archive'
              ? () => void jump(position, 1)
              : undefined
          }
        />
        <Group gap={6} wrap="nowrap" style={{ overflowX: 'auto', maxWidth: '100%' }}>
          <SegmentedControl
            size="xs"
            aria-label={t('span')}
            value={scale}
            onChange={(value) => {
              const ms = SPANS.find(([name]) => name === value)?.[1] ?? span;
              setView(zoom(view, ms / span, position ?? (view.from + view.to) / 2, hubNow()));
            }}
            data={SPANS.map(([value]) => ({ value, label: t(`spans.${value}`) }))}
          />
          <Tooltip label={t('to-position')}>
            <ActionIcon
              variant="default"
              size={30}
              aria-label={t('to-position')}
              onClick={() => {
                follows.current = true;
                setView(centred(position ?? hubNow(), span, hubNow()));
              }}
            >
              <IconFocusCentered size={17} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={t('keys')} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={30}
              aria-label={t('keys')}
              className={classes.keys}
            >
              <IconKeyboard size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Group>
      </div>
      {skipped && playback.mode === 'archive' && (
        <Text className={classes.notice} role="status" data-testid="skipped">
          {t('player:skipped', { from: format.time(skipped.from), to: format.time(skipped.to) })}
        </Text>
      )}
      {timeline.isError ? (
        <ErrorState compact error={timeline.error} retry={() => void timeline.refetch()} />
      ) : (
        <TimelineBar
          view={view}
          onView={(next) => {
            const moved = Math.abs(next.to - next.from - span) < 1;
            if (moved) follows.current = false;
            setView(next);
          }}
          timeline={timeline.data}
          zone={zone}
          position={position}
          onGo={go}
        />
      )}
      {oldest !== null && (
        <Text className={classes.notice}>{t('oldest', { time: format.dateTime(oldest) })}</Text>
      )}
    </>
  );
}

interface DayFieldProps {
  zone: CityZone;
  position: number;
  now: () => number;
  onGo: (utc: number) => void;
}

/** The browser's own calendar: another day, the same time of day. */
function DayField({ zone, position, now, onGo }: DayFieldProps) {
  const { t } = useTranslation('archive');
  const iso = (utc: number) => {
    const { year, month, day } = zone.toLocal(utc);
    return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  };
  return (
    <TextInput
      type="date"
      label={t('date')}
      value={iso(position)}
      max={iso(now())}
      leftSection={<IconCalendar size={16} aria-hidden />}
      style={{ flex: '0 1 170px' }}
      onChange={(event) => {
        const [year, month, day] = event.currentTarget.value.split('-').map(Number);
        if (!year || !month || !day || year < 1970) return;
        const resolved = zone.fromLocal({ ...zone.toLocal(position), year, month, day });
        // Here the day was asked for, not the time: of two equal times the first will do.
        onGo(Math.min(now(), resolved.kind === 'one' ? resolved.utc : resolved.choices[0]));
      }}
    />
  );
}
