import { useEffect, useRef } from 'react';
import type { GroupControls } from '../player/group-state.ts';
import { takesText } from '../ui/takes-text.ts';

/** Speeds that J and L run through. */
const SPEEDS = [1, 2, 4, 8, 16];

/** J, K, L as in every editing room: each press of L is faster, J the same backwards. */
export function nextRate(rate: number, playing: boolean, key: 'j' | 'l'): number {
  const sign = key === 'l' ? 1 : -1;
  if (!playing || Math.sign(rate) !== sign) return sign;
  return sign * (SPEEDS.find((speed) => speed > Math.abs(rate)) ?? 16);
}

export interface PlayerKeys {
  controls: GroupControls | null;
  onGo: (utc: number) => void;
  onMark: (end: 'in' | 'out') => void;
  /** The camera under a number, from 0. */
  onSelect: (place: number) => void;
}

/** Keys of the archive, wherever the focus is, except where text is typed or a button takes the key. */
export function usePlayerKeys(keys: PlayerKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target;
      if (!(target instanceof HTMLElement) || takesText(target)) return;
      if (document.querySelector('[role="dialog"]')) return;
      const onButton = target.closest('button, a, [role="button"], [role="radio"]') !== null;
      if (act(event, latest.current, onButton)) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** @returns whether the key meant something here */
function act(event: KeyboardEvent, keys: PlayerKeys, onButton: boolean): boolean {
  const { controls } = keys;
  if (!controls) return false;
  const { playing, rate } = controls.state();
  const position = controls.position();
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
      keys.onGo(position + by);
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
    case 'KeyI':
    case 'KeyO':
      keys.onMark(event.code === 'KeyI' ? 'in' : 'out');
      return true;
    default: {
      const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
      if (digit === undefined) return false;
      keys.onSelect(Number(digit) - 1);
      return true;
    }
  }
}
