import { Bitset } from '../base/bitset.ts';

/** In which dialects devices spoke since the hub started: whoever never spoke ours takes no commands. */
export function createTongues() {
  const ours = new Bitset();
  const foreign = new Bitset();
  return {
    spokeOurs: (num: number) => ours.add(num),
    spokeForeign: (num: number) => foreign.add(num),
    onlyForeign: (num: number): boolean => foreign.has(num) && !ours.has(num),
  };
}

export type Tongues = ReturnType<typeof createTongues>;
