import { useEffect, useRef } from 'react';
import { takesText } from '../ui/takes-text.ts';
import { commandOf, type WallCommand } from './wall-keys.ts';

/** Where a key belongs to something else: text, a list of choices, a dialog, a menu. */
const taken = (element: HTMLElement): boolean =>
  takesText(element) || element.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null;

const ON_BUTTONS: ReadonlySet<WallCommand['do']> = new Set(['enlarge', 'pause', 'clear']);

/**
 * Keys of the wall, wherever the focus is, unless something else means them.
 * @param run answers whether the command meant something now
 */
export function useWallKeys(run: (command: WallCommand) => boolean): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const target = event.target;
      if (!(target instanceof HTMLElement)) return;
      const command = commandOf(event);
      if (!command || document.querySelector('[role="dialog"]')) return;
      // Saving is meant everywhere; the browser's own dialog for that is of no use here.
      if (command.do !== 'save' && taken(target)) return;
      const onButton = target.closest('button, a, [role="radio"], [role="button"]') !== null;
      if (onButton && ON_BUTTONS.has(command.do)) return;
      if (latest.current(command)) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
