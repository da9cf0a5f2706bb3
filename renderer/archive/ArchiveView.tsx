import { Group, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MarksButton } from '../holds/MarksButton.tsx';
import { useSession } from '../hub/session.tsx';
import { ArchiveTile } from '../player/ArchiveTile.tsx';
import { cameraOf } from '../player/group-state.ts';
import { PlaybackBar } from '../player/PlaybackBar.tsx';
import { useHubNow } from '../player/useHubNow.ts';
import type { CityZone } from '../time/city-zone.ts';
import { ErrorState } from '../ui/states.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { AddCamera } from './AddCamera.tsx';
import { ArchiveDay } from './ArchiveDay.tsx';
import { ArchiveNotice } from './ArchiveNotice.tsx';
import classes from './archive.module.css';
import type { ArchiveAddress } from './archive-address.ts';
import { CameraPicker } from './CameraPicker.tsx';
import { MarkControls } from './MarkControls.tsx';
import { MoreSheet } from './MoreSheet.tsx';
import { RangeActions } from './RangeActions.tsx';
import { ScaleControls } from './ScaleControls.tsx';
import { TimeField } from './TimeField.tsx';
import { TimelineBar } from './TimelineBar.tsx';
import { centred, following, type View, zoom } from './timeline-view.ts';
import { useArchiveGroup } from './useArchiveGroup.ts';
import { useMarks } from './useMarks.ts';
import { usePlayerKeys } from './usePlayerKeys.ts';
import { useRangeDialog } from './useRangeDialog.tsx';
import { useRecordingJump } from './useRecordingJump.ts';
import { useTimelines } from './useTimeline.ts';

const HOUR = 3_600_000;
/** An address that names a moment this near to the one shown asks for nothing new, ms. */
const SAME_PLACE_MS = 5_000;

interface ArchiveViewProps {
  cameras: readonly { id: string; name: string }[];
  /** UTC ms; null is live. */
  at: number | null;
  zone: CityZone;
  /** Another moment: the address follows. */
  onAddress: (address: ArchiveAddress) => void;
  /** Other cameras: a place of its own to come back to. */
  onCameras: (address: ArchiveAddress) => void;
}

/** Players, timeline and all ways to a moment, for one to nine cameras. */
export function ArchiveView({ cameras, at, zone, onAddress, onCameras }: ArchiveViewProps) {
  const { t } = useTranslation('archive');
  const format = useFormat();
  const { can } = useSession();
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const hubNow = useHubNow();
  const { group, state } = useArchiveGroup(at);
  const [chosen, setChosen] = useState('');
  const { marks, mark, clear } = useMarks();
  const [view, setView] = useState<View>(() => centred(at ?? hubNow(), HOUR, hubNow()));
  /** The view runs along with the playhead until somebody moves it by hand. */
  const follows = useRef(true);
  const ids = cameras.map(({ id }) => id);
  const key = ids.join();
  const selected = ids.includes(chosen) ? chosen : (ids[0] ?? '');
  const timelines = useTimelines(ids, view);
  const lanes = useMemo(
    () =>
      cameras.map(({ id, name }) => ({
        ...{ cameraId: id, name, timeline: timelines.data?.timelines.find((one) => one.cameraId === id) },
      })),
    [cameras, timelines.data],
  );
  const timeline = lanes.find(({ cameraId }) => cameraId === selected)?.timeline;

  useEffect(() => group?.select(selected), [group, selected]);
  const position = state.currentUtc ?? at;
  useEffect(() => {
    if (position !== null && follows.current) setView((before) => following(before, position, hubNow()));
  }, [position, hubNow]);

  const go = useCallback(
    (utc: number) => {
      follows.current = true;
      group?.go(utc);
      setView((before) =>
        utc >= before.from && utc <= before.to ? before : centred(utc, before.to - before.from, hubNow()),
      );
      onAddress({ cameraIds: key.split(','), at: utc });
    },
    [group, key, onAddress, hubNow],
  );
  // The address may change from outside: the command palette, the browser's back button.
  const addressed = useRef(at);
  useEffect(() => {
    if (at === addressed.current) return;
    addressed.current = at;
    const now = group?.position() ?? null;
    if (at !== null && (now === null || Math.abs(now - at) > SAME_PLACE_MS)) group?.go(at);
  }, [at, group]);

  const jump = useRecordingJump(selected, timeline, go);
  const markNow = (end: 'in' | 'out') => {
    const now = group?.position() ?? null;
    if (now !== null) mark(end, now);
  };
  usePlayerKeys({
    controls: group,
    onGo: go,
    onMark: markNow,
    onSelect: (place) => setChosen(ids[place] ?? selected),
  });
  const span = view.to - view.from;
  const { oldest = null, newest = null } = timeline ?? {};
  const keptAt = state.mode === 'live' ? null : position;
  const range = useRangeDialog({
    cameraIds: ids,
    selected,
    position,
    marks,
    onPause: () => state.mode === 'archive' && group?.pause(),
  });
  const marking = (
    <MarkControls
      marks={marks}
      disabled={position === null}
      size={narrow ? 34 : 30}
      onMark={markNow}
      onClear={clear}
    />
  );
  const scale = (
    <ScaleControls
      span={span}
      onSpan={(ms) => setView(zoom(view, ms / span, position ?? (view.from + view.to) / 2, hubNow()))}
      onToPosition={() => {
        follows.current = true;
        setView(centred(position ?? hubNow(), span, hubNow()));
      }}
    />
  );
  return (
    <>
      <div className={classes.bar}>
        <CameraPicker
          key={selected}
          cameraId={selected}
          onPick={(id) => {
            const next = ids.map((one) => (one === selected ? id : one));
            setChosen(id);
            onCameras({ cameraIds: [...new Set(next)], at: keptAt });
          }}
        />
        <AddCamera
          cameraIds={ids}
          onAdd={(id) => {
            setChosen(id);
            onCameras({ cameraIds: [...new Set([...ids, id])], at: keptAt });
          }}
        />
        <TimeField zone={zone} lookingAt={position ?? hubNow()} now={hubNow} onGo={go} />
        <ArchiveDay zone={zone} position={position ?? hubNow()} now={hubNow} onGo={go} />
      </div>
      <div className={classes.players} data-count={cameras.length} data-testid="players">
        {cameras.map(({ id, name }, place) => (
          <ArchiveTile
            key={id}
            group={group}
            state={state}
            camera={cameraOf(state, id)}
            cameraId={id}
            name={name}
            number={cameras.length > 1 ? place + 1 : null}
            selected={id === selected}
            onSelect={() => setChosen(id)}
            onRemove={
              cameras.length > 1
                ? () => onCameras({ cameraIds: ids.filter((one) => one !== id), at: keptAt })
                : null
            }
          />
        ))}
      </div>
      <div className={classes.under}>
        <PlaybackBar
          state={state}
          tight={narrow}
          more={
            narrow && (
              <>
                {marking}
                <MoreSheet
                  show={range.show}
                  scale={scale}
                  bookmarks={<MarksButton cameraId={selected} onGo={go} wide />}
                />
              </>
            )
          }
          onToggle={() => (state.playing ? group?.pause() : group?.play())}
          onStep={(direction) => group?.step(direction)}
          onSkip={(ms) => position !== null && go(position + ms)}
          onRate={(rate) => {
            group?.setRate(rate);
            group?.play();
          }}
          onLive={() => {
            follows.current = true;
            group?.toLive();
            onAddress({ cameraIds: ids, at: null });
          }}
          onSound={can('video.audio') ? () => group?.setSound(state.sound === null) : undefined}
          onBefore={
            position !== null && oldest !== null && oldest < position
              ? () => void jump(position, -1)
              : undefined
          }
          onAfter={
            position !== null && newest !== null && newest > position && state.mode === 'archive'
              ? () => void jump(position, 1)
              : undefined
          }
        />
        {!narrow && (
          <>
            {marking}
            <Group gap={6}>
              <RangeActions show={range.show} />
            </Group>
            <MarksButton cameraId={selected} onGo={go} />
            {scale}
          </>
        )}
        {range.dialog}
      </div>
      {timelines.isError && (
        <ErrorState compact error={timelines.error} retry={() => void timelines.refetch()} />
      )}
      <TimelineBar
        view={view}
        onView={(next) => {
          const moved = Math.abs(next.to - next.from - span) < 1;
          if (moved) follows.current = false;
          setView(next);
        }}
        lanes={lanes}
        selected={selected}
        marks={marks}
        zone={zone}
        position={position}
        onGo={go}
      />
      <div className={classes.foot}>
        {oldest !== null && (
          <Text className={classes.notice}>{t('oldest', { time: format.minute(oldest) })}</Text>
        )}
        <ArchiveNotice state={state} />
      </div>
    </>
  );
}
