import { ActionIcon, Skeleton, Tooltip, UnstyledButton } from '@mantine/core';
import {
  IconArrowsMaximize,
  IconArrowsMinimize,
  IconArrowsMove,
  IconHistory,
  IconLock,
  IconPlus,
  IconX,
} from '@tabler/icons-react';
import type { DragEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { HIDDEN_CAMERA, type WallCamera } from '../../main/contract/wall.ts';
import { useSession } from '../hub/session.tsx';
import { LivePlayer } from '../player/LivePlayer.tsx';
import { dropped, takeable, takeTile } from './drag.ts';
import classes from './tile.module.css';
import type { Tile as TileData } from './wall-content.ts';

export interface TileProps {
  tile: TileData;
  /** Counted from 1, as a person counts on the page. */
  number: number;
  /** Undefined while it is not known which may be seen. */
  cameras: ReadonlyMap<string, WallCamera> | undefined;
  /** The only one of its page that is shown. */
  full: boolean;
  selected: boolean;
  /** Reached by the Tab key. */
  focusable: boolean;
  /** Whether the viewer changes this wall. */
  editable: boolean;
  /** So large that the main stream is worth its bytes. */
  large: boolean;
  /** The tile's place may be pulled. */
  free: boolean;
  onSelect: () => void;
  onFull: () => void;
  onClear: () => void;
  /** Something was dropped on it: a camera's id, or the number of another tile of this wall. */
  onDrop: (what: { cameraId: string } | { tile: number }) => void;
  onChoose: () => void;
  handles?: ReactNode;
}

/** One picture of a wall with what can be done with it, or the place for one. */
export function Tile(props: TileProps) {
  const { t } = useTranslation('wall');
  const { tile, number, cameras, full, selected, editable, onDrop } = props;
  const { cameraId, place, at } = tile;
  const camera = cameraId === null ? undefined : cameras?.get(cameraId);
  const hidden = cameraId === HIDDEN_CAMERA || (cameraId !== null && cameras !== undefined && !camera);
  const name =
    camera?.name ?? (cameraId === null ? t('tile.empty') : hidden ? t('tile.hidden') : t('tile.unknown'));

  const drag = editable && {
    draggable: cameraId !== null && !full,
    onDragStart: (event: DragEvent) => takeTile(event.dataTransfer, at),
    onDragOver: (event: DragEvent<HTMLElement>) => {
      if (!takeable(event.dataTransfer)) return;
      event.preventDefault();
      event.currentTarget.dataset.over = '';
    },
    onDragLeave: (event: DragEvent<HTMLElement>) => delete event.currentTarget.dataset.over,
    onDrop: (event: DragEvent<HTMLElement>) => {
      delete event.currentTarget.dataset.over;
      const what = dropped(event.dataTransfer);
      if (!what) return;
      event.preventDefault();
      event.stopPropagation();
      onDrop(what);
    },
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be dragged, nor be a cell of the grid.
    <div
      className={classes.tile}
      role="group"
      aria-label={t('tile.label', { number, name })}
      aria-current={selected || undefined}
      tabIndex={props.focusable ? 0 : -1}
      data-testid="wall-tile"
      data-at={at}
      data-camera={camera?.id}
      data-full={full || undefined}
      data-selected={selected || undefined}
      data-empty={cameraId === null || undefined}
      data-free={props.free || undefined}
      style={{
        gridArea: full
          ? '1 / 1 / -1 / -1'
          : `${place.y + 1} / ${place.x + 1} / span ${place.h} / span ${place.w}`,
      }}
      onFocus={props.onSelect}
      onDoubleClick={cameraId === null ? undefined : props.onFull}
      {...drag}
    >
      <TileBody {...props} camera={camera} hidden={hidden} />
      <TileTools {...props} camera={camera} />
      {!full && props.handles}
    </div>
  );
}

interface BodyProps extends TileProps {
  camera: WallCamera | undefined;
  hidden: boolean;
}

function TileBody({ tile, number, camera, hidden, editable, full, large, onChoose }: BodyProps) {
  const { t } = useTranslation('wall');
  if (camera)
    return (
      <LivePlayer
        cameraId={camera.id}
        name={camera.name}
        fit="fill"
        compact={!full}
        stream={full || large ? 'main' : 'auto'}
      />
    );
  if (hidden)
    return (
      <div className={classes.note} data-testid="wall-tile-hidden">
        <IconLock size={22} aria-hidden />
        <strong>{t('tile.hidden')}</strong>
        <span className={classes.more}>{t('tile.hidden-do')}</span>
      </div>
    );
  if (tile.cameraId !== null) return <Skeleton height="100%" radius="sm" />;
  if (!editable) return <div className={classes.note}>{number}</div>;
  return (
    <UnstyledButton className={classes.choose} onClick={onChoose} tabIndex={-1}>
      <IconPlus size={22} aria-hidden />
      <span>{t('tile.choose')}</span>
    </UnstyledButton>
  );
}

function TileTools({
  tile,
  camera,
  editable,
  full,
  free,
  onFull,
  onClear,
}: TileProps & { camera: WallCamera | undefined }) {
  const { t } = useTranslation('wall');
  const { can } = useSession();
  if (tile.cameraId === null && !(free && editable)) return null;
  return (
    <div className={classes.tools}>
      {camera?.recording && (
        <Tooltip label={t('tile.recording-hint')} withinPortal={false}>
          <span className={classes.recording} data-testid="recording">
            <span className={classes.dot} aria-hidden />
            {t('tile.recording')}
          </span>
        </Tooltip>
      )}
      <span className={classes.buttons}>
        {camera && can('video.archive') && (
          <ActionIcon
            component={Link}
            href={`/archive?camera=${encodeURIComponent(camera.id)}`}
            variant="subtle"
            aria-label={t('tile.archive')}
            title={t('tile.archive')}
            tabIndex={-1}
          >
            <IconHistory size={17} />
          </ActionIcon>
        )}
        {camera && (
          <ActionIcon
            variant="subtle"
            aria-label={full ? t('tile.back') : t('tile.enlarge')}
            title={full ? t('tile.back') : t('tile.enlarge')}
            tabIndex={-1}
            onClick={onFull}
          >
            {full ? <IconArrowsMinimize size={17} /> : <IconArrowsMaximize size={17} />}
          </ActionIcon>
        )}
        {editable && !full && (
          <ActionIcon
            variant="subtle"
            aria-label={tile.cameraId === null ? t('tile.remove') : t('tile.clear')}
            title={tile.cameraId === null ? t('tile.remove') : t('tile.clear')}
            tabIndex={-1}
            onClick={onClear}
          >
            <IconX size={17} />
          </ActionIcon>
        )}
      </span>
    </div>
  );
}

interface HandlesProps {
  onPull: (pull: 'move' | 'resize', event: React.PointerEvent<HTMLElement>) => void;
}

/** What a tile of the free layout is moved and resized by; with keys, Ctrl and Shift with the arrows. */
export function TileHandles({ onPull }: HandlesProps) {
  const { t } = useTranslation('wall');
  return (
    <>
      <div className={classes.grip} title={t('tile.move')} onPointerDown={(event) => onPull('move', event)}>
        <IconArrowsMove size={16} aria-hidden />
      </div>
      <div
        className={classes.corner}
        title={t('tile.resize')}
        data-testid="wall-resize"
        onPointerDown={(event) => onPull('resize', event)}
      />
    </>
  );
}
