import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCamera, IconMaximize, IconMinimize } from '@tabler/icons-react';
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BlindStrip } from '../app/BlindStrip.tsx';
import { useBlindness } from '../hub/useBlindness.ts';
import classes from './player.module.css';
import { useSignsSide } from './useSignsSide.ts';
import { Watermark } from './Watermark.tsx';

interface PlayerFrameProps {
  testId: string;
  /** For tests and styles: what the player is doing. */
  state: string;
  name: string;
  fit: 'ratio' | 'fill';
  /** The one video, or where a player puts videos of its own. */
  video?: RefObject<HTMLVideoElement | null>;
  stage?: RefObject<HTMLDivElement | null>;
  still: RefObject<HTMLCanvasElement | null>;
  frame: RefObject<HTMLDivElement | null>;
  /** A canvas over the video, for players that draw their own pictures. */
  pictures?: RefObject<HTMLCanvasElement | null>;
  /** Attributes for styles and tests. */
  data?: Readonly<Record<`data-${string}`, string | number | boolean | undefined>>;
  /** Buttons beside the name. */
  actions?: ReactNode;
  /** Address of a picture to show until there is a better one. */
  poster: string | null;
  /** The picture is not what it should be: greyed. */
  dimmed: boolean;
  /** There may be no picture at all. */
  blank: boolean;
  /** Live or archive, delay, time. */
  signs: ReactNode;
  message: ReactNode;
  /** Null where the person may not. */
  onSnapshot: (() => void) | null;
  /** By which way the picture comes. */
  transport?: 'socket' | 'hls';
  /** A wall's tile: no buttons, small writing. */
  compact?: boolean;
  /** More buttons beside the snapshot's. */
  tools?: ReactNode;
}

/** The picture with all that is written over it: who looks, when it was taken, what is wrong with it. */
export function PlayerFrame(props: PlayerFrameProps) {
  const { t } = useTranslation('player');
  const { frame, video, still, poster, dimmed, blank } = props;
  const full = useFullscreen(frame);
  const [side] = useSignsSide();
  const { blind } = useBlindness();
  const signs = (
    <div className={classes.signs} data-side={side} data-testid="player-signs">
      {props.signs}
    </div>
  );
  return (
    <div
      ref={frame}
      className={classes.frame}
      data-testid={props.testId}
      data-player-state={props.state}
      data-fit={props.fit}
      data-dimmed={dimmed}
      data-blank={blank}
      {...props.data}
      data-transport={props.transport}
      data-compact={props.compact === true}
    >
      {poster && <img className={classes.picture} src={poster} alt="" />}
      <canvas ref={still} className={classes.picture} width={0} height={0} aria-hidden />
      {props.stage && <div ref={props.stage} className={classes.stage} />}
      {video && (
        <video
          ref={video}
          className={classes.picture}
          muted
          playsInline
          disablePictureInPicture
          tabIndex={-1}
          aria-label={t('video-of', { name: props.name })}
        />
      )}
      {props.pictures && <canvas ref={props.pictures} className={classes.picture} hidden aria-hidden />}
      {!blank && <Watermark />}
      {side === 'top' && signs}
      {full.on && blind !== null && (
        <div className={classes.blind}>
          <BlindStrip />
        </div>
      )}
      {props.message && (
        <div className={classes.message} role="status">
          {props.message}
        </div>
      )}
      <div className={classes.bottom}>
        {side === 'bottom' && signs}
        <div className={classes.line}>
          <span className={classes.grow}>{props.name}</span>
          {props.actions}
          {props.tools}
          {props.compact !== true && (
            <>
              {props.onSnapshot && (
                <Tooltip label={t('snapshot')} withinPortal={false}>
                  <ActionIcon
                    variant="subtle"
                    size="md"
                    aria-label={t('snapshot')}
                    onClick={props.onSnapshot}
                  >
                    <IconCamera size={18} />
                  </ActionIcon>
                </Tooltip>
              )}
              <Tooltip label={full.on ? t('fullscreen-exit') : t('fullscreen')} withinPortal={false}>
                <ActionIcon
                  variant="subtle"
                  size="md"
                  aria-label={full.on ? t('fullscreen-exit') : t('fullscreen')}
                  onClick={full.toggle}
                >
                  {full.on ? <IconMinimize size={18} /> : <IconMaximize size={18} />}
                </ActionIcon>
              </Tooltip>
            </>
          )}
        </div>
      </div>
    </div>
  );
}

/** The whole frame goes full screen, so that watermark and time stay on the picture. */
function useFullscreen(frame: RefObject<HTMLDivElement | null>): { on: boolean; toggle: () => void } {
  const [on, setOn] = useState(false);
  const pending = useRef(false);
  useEffect(() => {
    const follow = () => setOn(document.fullscreenElement === frame.current && frame.current !== null);
    document.addEventListener('fullscreenchange', follow);
    return () => document.removeEventListener('fullscreenchange', follow);
  }, [frame]);
  const toggle = async () => {
    if (pending.current) return;
    pending.current = true;
    try {
      if (document.fullscreenElement) await document.exitFullscreen();
      else await frame.current?.requestFullscreen();
    } catch {
      // The browser forbids it here (an embedded page): the picture stays as it is, nothing is lost.
    } finally {
      pending.current = false;
    }
  };
  return { on, toggle: () => void toggle() };
}
