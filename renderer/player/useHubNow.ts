import { useCallback, useRef } from 'react';
import { useEvent } from '../hub/EventsProvider.tsx';

/** The hub's clock, UTC ms: latency measured with this computer's clock would be off by what that is off. */
export function useHubNow(): () => number {
  const ahead = useRef(0);
  useEvent('pong', ({ at }) => {
    ahead.current = at - Date.now();
  });
  return useCallback(() => Date.now() + ahead.current, []);
}
