export interface FloodLimit {
  /** So much at once: events of a bad minute come together. */
  burst: number;
  /** Lasting rate of messages a device, a second. */
  perSecond: number;
}

/** A report each half minute is a hundredth of it. */
export const REPORTS: FloodLimit = { burst: 100, perSecond: 5 };
/** Births and Wills: each that comes changes something for good, so one that comes and goes each second is enough. */
export const STATUSES: FloodLimit = { burst: 100, perSecond: 1 };

/** Whether a device says more than any sound one does: a token bucket each, in typed arrays by device number. */
export function createFloodGuard(monotonic: () => number, { burst, perSecond }: FloodLimit = REPORTS) {
  let tokens = new Float32Array(0);
  let filledAt = new Float64Array(0);

  function grow(num: number): void {
    const size = Math.max(num + 1, tokens.length * 2, 1024);
    const moreTokens = new Float32Array(size).fill(burst);
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
      const left = Math.min(burst, (tokens[num] ?? 0) + (passed / 1000) * perSecond);
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
