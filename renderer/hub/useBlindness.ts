import { useEffect, useState } from 'react';
import { type Blindness, blindness } from './blindness.ts';
import { useLinkState } from './EventsProvider.tsx';
import { useMonitoring } from './monitoring.ts';

/** A page that has just opened, or a line that blinks, is not blind yet. */
const PATIENCE_MS = 3000;

/** What keeps us from seeing, now; `settling` while the line to the hub is not yet given up. */
export function useBlindness(): { blind: Blindness; settling: boolean } {
  const { connected, since } = useLinkState();
  const { data } = useMonitoring();
  const [patient, setPatient] = useState(true);
  useEffect(() => {
    setPatient(true);
    if (connected) return;
    const timer = setTimeout(() => setPatient(false), since + PATIENCE_MS - performance.now());
    return () => clearTimeout(timer);
  }, [connected, since]);
  const settling = !connected && patient;
  return { blind: settling ? null : blindness(connected ? (data ?? null) : null, connected), settling };
}
