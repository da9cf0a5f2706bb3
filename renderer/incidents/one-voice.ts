/** Longer than windows of one browser hear of the same thing apart, shorter than from one alarm to the next, ms. */
export const VOICE_MS = 5_000;

interface OneVoiceParts {
  locks: Pick<LockManager, 'request'>;
  wait: (ms: number) => Promise<void>;
}

/**
 * Of several windows of one browser (a console, a wall on another screen) that hear of the same incidents, one
 * sounds the alarm. It is the first that may be heard: a window that is mute must not ask.
 */
export function createOneVoice({ locks, wait }: OneVoiceParts) {
  return {
    /** Does it, unless another window did so just now. Resolves when the next may speak. */
    speak: (sound: () => void): Promise<void> =>
      locks.request('kalancha.alarm', { ifAvailable: true }, async (lock) => {
        if (!lock) return;
        sound();
        await wait(VOICE_MS);
      }),
  };
}
