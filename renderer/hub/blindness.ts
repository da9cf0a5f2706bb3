import type { Monitoring } from '../../main/contract/health.ts';

/** What keeps us from seeing, the most sweeping first; null when we see. */
export type Blindness = 'hub' | 'broker' | 'ingest' | 'recorder' | 'disk' | null;

/**
 * Decides what the strip says. A recorder that fails does not blind us to the devices, but footage is being
 * lost meanwhile, so it is said as loudly; so is a disk that is left out, before the next one goes too. A history
 * that fails is among the parts of the strip and no more: its values wait, and nobody at the console can miss
 * anything that is alive.
 */
export function blindness(monitoring: Monitoring | null, connected: boolean): Blindness {
  if (!connected) return 'hub';
  if (!monitoring) return null;
  if (monitoring.broker.downSince !== null) return 'broker';
  if (monitoring.ingestStalledSince !== null) return 'ingest';
  if (monitoring.recorder.failingSince !== null) return 'recorder';
  if (monitoring.recorder.disks.some((disk) => disk.state !== 'in-use')) return 'disk';
  return null;
}

/** Whether what is shown of the devices is only what was last known. */
export const statusesUnknown = (blind: Blindness): boolean =>
  blind !== null && blind !== 'recorder' && blind !== 'disk';
