/**
 * The site-general model of Recommendation ITU-R P.1411-12, section 4.1.1 (table 4): both antennas below the roofs,
 * heights unknown. It tells the median over many places: half of them hear better, half worse. Walls that a
 * signal enters, trees, other networks and the direction of antennas are not in it.
 */
const COEFFICIENTS = {
  /** In sight of the point, along a street or a square: 0.8 to 82 GHz, 5 to 660 m. */
  open: { alpha: 2.12, beta: 29.2, gamma: 2.11, toM: 660 },
  /** Behind buildings of a city of high houses: 0.8 to 82 GHz, 30 to 715 m. */
  hidden: { alpha: 4.0, beta: 10.2, gamma: 2.36, toM: 715 },
} as const;

export type Sight = keyof typeof COEFFICIENTS;

/** Median loss between two antennas, dB. @param distanceM metres @param frequencyGHz of the channel's middle */
export function lossDb(sight: Sight, distanceM: number, frequencyGHz: number): number {
  const { alpha, beta, gamma } = COEFFICIENTS[sight];
  return 10 * alpha * Math.log10(distanceM) + beta + 10 * gamma * Math.log10(frequencyGHz);
}

/**
 * How far a signal of at least `levelDbm` reaches, metres. Beyond the distances that the model was measured for
 * nothing is claimed: a longer reach is cut to its end; a shorter one than its beginning is told as it is reckoned.
 * @param powerDbm what the antenna radiates (EIRP)
 */
export function reachM(sight: Sight, powerDbm: number, frequencyGHz: number, levelDbm: number): number {
  const { alpha, toM } = COEFFICIENTS[sight];
  const left = powerDbm - levelDbm - lossDb(sight, 1, frequencyGHz);
  return Math.min(toM, 10 ** (left / (10 * alpha)));
}
