import { useCallback, useSyncExternalStore } from 'react';

const CHANGED = 'kalancha-stored';

/** A text kept on this machine under `name`, shared by all who use it in this window; null when not set. */
export function useStored(name: string): [string | null, (value: string | null) => void] {
  const value = useSyncExternalStore(
    (listener) => {
      window.addEventListener(CHANGED, listener);
      window.addEventListener('storage', listener);
      return () => {
        window.removeEventListener(CHANGED, listener);
        window.removeEventListener('storage', listener);
      };
    },
    () => window.localStorage.getItem(name),
  );
  const set = useCallback(
    (next: string | null) => {
      if (next === null) window.localStorage.removeItem(name);
      else window.localStorage.setItem(name, next);
      window.dispatchEvent(new Event(CHANGED));
    },
    [name],
  );
  return [value, set];
}
