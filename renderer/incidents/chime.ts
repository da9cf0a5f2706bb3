/** Hertz of the two tones: falling for what is critical, one soft one else. */
const CRITICAL = [880, 587] as const;
const WARNING = [660] as const;
const TONE_S = 0.22;
const VOLUME = 0.15;

/** A short signal made by the browser itself. Where sound is not allowed yet, nothing is heard and nothing fails. */
export function chime(critical: boolean): void {
  const context = new AudioContext();
  const tones = critical ? CRITICAL : WARNING;
  for (const [index, hertz] of tones.entries()) {
    const tone = context.createOscillator();
    const gain = context.createGain();
    const start = context.currentTime + index * TONE_S;
    tone.frequency.value = hertz;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(VOLUME, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, start + TONE_S);
    tone.connect(gain).connect(context.destination);
    tone.start(start);
    tone.stop(start + TONE_S);
    if (index === tones.length - 1) tone.onended = () => void context.close();
  }
}
