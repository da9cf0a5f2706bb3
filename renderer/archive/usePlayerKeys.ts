import { useEffect, useRef } from 'react';
import type { PlaybackControls } from '../player/playback.ts';

/** Speeds that J and L run through. */
const SPEEDS = [1, 2, 4, 8, 16];

/** J, K, L as in every editing room: each press of L is faster, J the same backwards. */
export function nextRate(rate: number, playing: boolean, key: 'j' | 'l'): number {
  const sign = key === 'l' ? 1 : -1;
  if (!playing || Math.sign(rate) !== sign) return sign;
  return sign * (SPEEDS.find((speed) => speed > Math.abs(rate)) ?? 16);
}

/** Keys of the archive, wherever the focus is, except where text is typed or a button takes the key. */
export function usePlayerKeys(player: () => PlaybackControls | null): void {
  const latest = useRef(player);
  useEffect(() => {
    latest.current = player;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target;
      if (!(target instanceof HTMLElement) || takesText(target)) return;
      const controls = latest.current();
      if (!controls || document.querySelector('[role="dialog"]')) return;
      const onButton = target.closest('button, a, [role="button"], [role="radio"]') !== null;
      if (act(event, controls, onButton)) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

const takesText = (element: HTMLElement): boolean =>
  element.isContentEditable || element.closest('input, textarea, select, [role="combobox"]') !== null;

/** @returns whether the key meant something here */
function act(event: KeyboardEvent, controls: PlaybackControls, onButton: boolean): boolean {
  const { mode, archive } = controls.state();
  const position = controls.position();
  const playing = mode === 'live' || archive.playing;
  const rate = mode === 'live' ? 1 : archive.rate;
  // By the key's place where there is a Latin letter on it: a Russian layout must do the same.
  switch (event.code) {
    case 'Space':
      // A focused button means itself by the space bar.
      if (onButton) return false;
      if (playing) controls.pause();
      else controls.play();
      return true;
    case 'ArrowLeft':
    case 'ArrowRight': {
      if (position === null) return false;
      const by = (event.shiftKey ? 60_000 : 10_000) * (event.code === 'ArrowLeft' ? -1 : 1);
      controls.go(position + by);
      return true;
    }
    case 'Comma':
      controls.step(-1);
      return true;
    case 'Period':
      controls.step(1);
      return true;
    case 'KeyK':
      controls.pause();
      return true;
    case 'KeyJ':
    case 'KeyL':
      controls.setRate(nextRate(rate, playing, event.code === 'KeyJ' ? 'j' : 'l'));
      controls.play();
      return true;
    default:
      return false;
  }
}
