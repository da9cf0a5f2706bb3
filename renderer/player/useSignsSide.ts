import { useStored } from '../ui/useStored.ts';

/** Where a player's signs (live or archive, delay, time) stand: below unless this machine chose otherwise. */
export const signsSides = ['bottom', 'top'] as const;
export type SignsSide = (typeof signsSides)[number];

/** What was kept, whatever it is. */
export const signsSideOf = (kept: string | null): SignsSide => (kept === 'top' ? 'top' : 'bottom');

/**
 * Cameras burn their clock and name into one edge of the picture, mostly the upper one. Ours must not lie over them,
 * and must not vanish either: on a wall everybody reads name, delay and time without touching anything.
 */
export function useSignsSide(): [SignsSide, (side: SignsSide) => void] {
  const [kept, keep] = useStored('kalancha.player-signs');
  return [signsSideOf(kept), (side) => keep(side === 'bottom' ? null : side)];
}
