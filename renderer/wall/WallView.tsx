import { Title, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearchParams } from 'wouter';
import type { Wall } from '../../main/contract/wall.ts';
import { BlindStrip } from '../app/BlindStrip.tsx';
import { ErrorState } from '../ui/states.tsx';
import { useStored } from '../ui/useStored.ts';
import { CameraList } from './CameraList.tsx';
import { TourMenu, TourState } from './TourControl.tsx';
import { mayPreload, PRELOAD_MS, stopsOf } from './tour.ts';
import { useAddressed } from './useAddressed.tsx';
import { useDraft, useDraftStore } from './useDraft.ts';
import { useFullscreen } from './useFullscreen.ts';
import { useSaveWall } from './useSaveWall.ts';
import { useTour } from './useTour.ts';
import { useWallEdit } from './useWallEdit.ts';
import { useWallKeys } from './useWallKeys.ts';
import { useSomeWalls, useWallCameras } from './useWalls.ts';
import { WallBar } from './WallBar.tsx';
import { RemoveDialog, SaveDialog } from './WallDialogs.tsx';
import { WallPage } from './WallPage.tsx';
import classes from './wall.module.css';
import { NEW_WALL, readWallSearch, screenPath, wallPath } from './wall-address.ts';
import { camerasOf, emptyWall, fitsFree, pageCount, tilesOf } from './wall-content.ts';
import type { WallCommand } from './wall-keys.ts';

type Dialog = 'save' | 'copy' | 'rename' | 'remove' | null;

interface WallViewProps {
  wallId: string;
  /** Null for one that is not saved yet. */
  saved: Wall | null;
}

/** A wall with all that can be done to it. */
export function WallView({ wallId, saved }: WallViewProps) {
  const { t } = useTranslation('wall');
  const [, navigate] = useLocation();
  const [params] = useSearchParams();
  const { screen } = readWallSearch(params);
  const drafts = useDraftStore();
  const work = useDraft(wallId, saved);
  const { content, tour: wanted } = work;
  const stage = useRef<HTMLDivElement>(null);
  const whole = useRef<HTMLDivElement>(null);
  const [page, setPage] = useState(0);
  const [dialog, setDialog] = useState<Dialog>(null);
  const [sideStored, setSideStored] = useStored('kalancha-wall-side');
  // On a phone the list lies over the pictures: it comes when it is asked for.
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const side = !screen && (sideStored === null ? !phone : sideStored === 'open');
  const showSide = (on: boolean) => setSideStored(on ? 'open' : 'closed');
  const fullscreen = useFullscreen(whole);
  useEffect(() => {
    if (!screen) drafts.setLast(wallId);
  }, [drafts, wallId, screen]);

  const tellFull = (left: number) =>
    notifications.show({ color: 'yellow', message: t('no-room', { count: left }) });
  useAddressed(wallId, work, tellFull);

  const others = useSomeWalls(wanted?.wallIds ?? []);
  const walls = useMemo(
    () => [
      { id: wallId, name: saved?.name ?? t('unsaved'), content },
      ...others.filter(({ id }) => id !== wallId),
    ],
    [wallId, saved?.name, content, others, t],
  );
  const stops = useMemo(() => stopsOf(walls), [walls]);
  const shownPage = Math.min(page, pageCount(content) - 1);
  const focus = (at: number) =>
    requestAnimationFrame(() =>
      stage.current
        ?.querySelector<HTMLElement>(`[data-shown="true"] [data-at="${at}"]`)
        ?.focus({ preventScroll: false }),
    );
  const [looksClosely, setLooksClosely] = useState(false);
  const tour = useTour(stops.length, wanted ? wanted.everyS * 1000 : null, looksClosely || dialog !== null);
  const stop = tour ? stops[tour.at] : undefined;
  const current = walls.find(({ id }) => id === stop?.wallId) ?? { id: wallId, name: '', content };
  const at = stop ? stop.page : shownPage;
  const own = current.id === wallId;

  const edit = useWallEdit({
    content: current.content,
    page: at,
    editable: own && !screen,
    setContent: work.setContent,
    setPage: (next) => {
      setPage(next);
      const index = stops.findIndex((one) => one.wallId === wallId && one.page === next);
      if (index >= 0) tour?.go(index);
    },
    focus,
    onFull: tellFull,
    openList: () => showSide(true),
  });
  useEffect(() => setLooksClosely(edit.full !== null), [edit.full]);
  const save = useSaveWall(wallId, saved, work);

  const { cameras, error, retry } = useWallCameras(walls.flatMap((wall) => camerasOf(wall.content)));
  const next =
    tour && tour.leftMs < PRELOAD_MS && !tour.paused ? stops[(tour.at + 1) % stops.length] : undefined;
  const nextWall = walls.find(({ id }) => id === next?.wallId);
  const playing = (wall: typeof current, of: number) =>
    tilesOf(wall.content, of).filter(({ cameraId }) => cameraId !== null).length;
  const ahead =
    next &&
    nextWall &&
    mayPreload(playing(current, at), playing(nextWall, next.page), navigator.hardwareConcurrency);

  const turn = (by: 1 | -1) => {
    edit.setFull(null);
    if (tour) tour.go(tour.at + by);
    else setPage((shownPage + by + pageCount(content)) % pageCount(content));
  };
  const saveIt = () => {
    if (saved?.mine) save.saveOwn();
    else setDialog(saved ? 'copy' : 'save');
  };
  const run = (command: WallCommand): boolean => {
    switch (command.do) {
      case 'go':
        edit.go(command.direction);
        return true;
      case 'pull':
        return edit.pull(command.pull, command.direction);
      case 'layout':
        if (command.layout !== 'free' || fitsFree(content)) edit.layout(command.layout);
        return true;
      case 'page':
        turn(command.by);
        return true;
      case 'enlarge': {
        const tile = tilesOf(current.content, at).find((one) => one.at === edit.selected);
        if (!tile) return false;
        if (tile.cameraId === null) edit.actions.choose(tile.at);
        else edit.actions.full(tile.at);
        return true;
      }
      case 'back':
        if (edit.full === null && edit.selected === null) return false;
        if (edit.full !== null) edit.setFull(null);
        else edit.unselect();
        return true;
      case 'clear':
        if (edit.selected === null) return false;
        edit.actions.clear(edit.selected);
        return true;
      case 'pause':
        tour?.toggle();
        return tour !== null;
      case 'fullscreen':
        fullscreen.toggle();
        return true;
      case 'cameras':
        showSide(!side);
        return true;
      case 'save':
        if (work.dirty || saved === null) saveIt();
        return true;
    }
  };
  useWallKeys(run);

  const selectedNumber = tilesOf(current.content, at).findIndex((tile) => tile.at === edit.selected) + 1;
  const name = saved?.name ?? t('unsaved');
  const tourState = tour && wanted && (
    <TourState tour={tour} everyMs={wanted.everyS * 1000} stops={stops.length} name={current.name} />
  );
  return (
    <>
      <VisuallyHidden>
        <Title order={1}>{t('title', { name })}</Title>
      </VisuallyHidden>
      {!screen && (
        <WallBar
          wallId={wallId}
          saved={saved}
          name={name}
          dirty={work.dirty}
          saving={save.saving}
          layout={content.layout === 'free' ? 'free' : content.size}
          freeDisabled={!fitsFree(content)}
          page={shownPage}
          pages={pageCount(content)}
          side={side}
          tourMenu={<TourMenu wallId={wallId} tour={wanted} stops={stops.length} onChange={work.setTour} />}
          tourState={tourState}
          screenPath={() => screenPath({ id: wallId, dirty: work.dirty, content, tour: wanted })}
          onNew={() => {
            if (wallId === NEW_WALL) work.set({ content: emptyWall, tour: null });
            else {
              drafts.write(NEW_WALL, null);
              navigate(wallPath(NEW_WALL));
            }
          }}
          onLayout={edit.layout}
          onPage={turn}
          onSide={() => showSide(!side)}
          onSave={saveIt}
          onCopy={() => setDialog('copy')}
          onRename={() => setDialog('rename')}
          onRemove={() => setDialog('remove')}
          onDiscard={work.discard}
          onLink={() =>
            void navigator.clipboard
              .writeText(`${window.location.origin}${wallPath(wallId)}`)
              .then(() => notifications.show({ message: t('link-done') }))
          }
          onFullscreen={fullscreen.toggle}
        />
      )}
      <div className={classes.body}>
        <div ref={whole} className={classes.whole}>
          <div ref={stage} className={classes.stage} data-testid="wall-stage">
            {error !== null && cameras === undefined && <ErrorState error={error} retry={retry} />}
            {[
              { key: `${current.id}-${at}`, wall: current, page: at, shown: true },
              ...(ahead
                ? [{ key: `${nextWall.id}-${next.page}`, wall: nextWall, page: next.page, shown: false }]
                : []),
            ].map((layer) => (
              <WallPage
                key={layer.key}
                content={layer.wall.content}
                page={layer.page}
                cameras={cameras}
                shown={layer.shown}
                editable={layer.shown && own && !screen}
                selected={edit.selected}
                full={layer.shown ? edit.full : null}
                actions={edit.actions}
              />
            ))}
            {(screen || fullscreen.on) && tourState && <div className={classes.over}>{tourState}</div>}
          </div>
          {/* Full screen takes the frame away, and nobody may take a blind hub for a quiet city. */}
          {fullscreen.on && <BlindStrip />}
        </div>
        {side && (
          <CameraList
            onWall={new Set(camerasOf(content))}
            target={selectedNumber > 0 ? selectedNumber : null}
            onPick={edit.pick}
            onClose={() => showSide(false)}
          />
        )}
      </div>
      {(dialog === 'save' || dialog === 'copy') && (
        <SaveDialog
          title={dialog === 'save' ? t('save.title') : t('save.copy')}
          name={dialog === 'copy' && saved ? t('save.copy-of', { name: saved.name }) : ''}
          shared={false}
          save={save.add}
          onSaved={(wall) => {
            setDialog(null);
            save.saved(wall);
          }}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === 'rename' && saved && (
        <SaveDialog
          title={t('save.rename')}
          name={saved.name}
          shared={saved.unit !== null}
          save={save.rename}
          onSaved={(wall) => {
            setDialog(null);
            save.saved(wall);
          }}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === 'remove' && saved && (
        <RemoveDialog
          wall={saved}
          onRemoved={() => {
            setDialog(null);
            drafts.write(wallId, null);
            navigate(wallPath(NEW_WALL));
          }}
          onClose={() => setDialog(null)}
        />
      )}
    </>
  );
}
