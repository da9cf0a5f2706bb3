/** A device may say so much at once: events of a bad minute come together. */
const BURST = 100;
/** Lasting rate of messages a device, a second; a report each half minute is a hundredth of it. */
const PER_SECOND = 5;

/** Whether a device says more than any sound one does: a token bucket each, in typed arrays by device number. */
export function createFloodGuard(monotonic: () => number) {
  let tokens = new Float32Array(0);
  let filledAt = new Float64Array(0);

  function grow(num: number): void {
    const size = Math.max(num + 1, tokens.length * 2, 1024);
    const moreTokens = new Float32Array(size).fill(BURST);
    moreTokens.set(tokens);
    const moreTimes = new Float64Array(size).fill(monotonic());
    moreTimes.set(filledAt);
    tokens = moreTokens;
    filledAt = moreTimes;
  }

  return {
    /** Takes a message of this device into account. @returns false when it is one too many */
    admits(num: number): boolean {
      if (num >= tokens.length) grow(num);
      const now = monotonic();
      const passed = now - (filledAt[num] ?? now);
      const left = Math.min(BURST, (tokens[num] ?? 0) + (passed / 1000) * PER_SECOND);
      filledAt[num] = now;
      if (left < 1) {
        tokens[num] = left;
        return false;
      }
      tokens[num] = left - 1;
      return true;
    },
  };
}
