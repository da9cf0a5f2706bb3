const KEY = 'kalancha.volume';
const USUAL = 0.7;

/** The volume chosen last on this computer, 0 to 1. */
export function keptVolume(): number {
  const kept = Number(localStorage.getItem(KEY) ?? Number.NaN);
  return kept >= 0 && kept <= 1 ? kept : USUAL;
}

export function keepVolume(volume: number): void {
  localStorage.setItem(KEY, String(volume));
}
