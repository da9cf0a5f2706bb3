import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { newSecret } from '../base/ids.ts';
import type { SkipReason } from '../contract/command-preview.ts';
import type { CommandSpec } from '../contract/command-spec.ts';
import type { DeviceRecord } from '../devices/types.ts';

const GOOD_FOR_MS = 5 * 60_000;
const A_PERSON = 10;
const IN_ALL = 200;

/** What somebody was shown, and may now have done. */
export interface KeptPreview {
  spec: CommandSpec;
  /** In the order in which they will be told. */
  run: readonly { device: DeviceRecord; name: string }[];
  skipped: readonly { device: DeviceRecord; name: string; reason: SkipReason }[];
}

/** Previews that wait for a yes: a token that cannot be guessed stands for exactly what was shown to that person. */
export interface Previews {
  keep(personId: string, preview: KeptPreview): { token: string; until: number };
  /** Once. @throws AppError `preview-gone` */
  take(personId: string, token: string): KeptPreview;
}

export function createPreviews(clock: Clock): Previews {
  const kept = new Map<string, { personId: string; until: number; preview: KeptPreview }>();

  function makeRoom(personId: string): void {
    const now = clock.monotonic();
    for (const [token, { until }] of kept) if (until <= now) kept.delete(token);
    const own = [...kept].filter(([, entry]) => entry.personId === personId);
    const oldest =
      own.length >= A_PERSON ? own[0]?.[0] : kept.size >= IN_ALL ? kept.keys().next().value : undefined;
    if (oldest !== undefined) kept.delete(oldest);
  }

  return {
    keep(personId, preview) {
      makeRoom(personId);
      const token = newSecret();
      kept.set(token, { personId, until: clock.monotonic() + GOOD_FOR_MS, preview });
      return { token, until: clock.now() + GOOD_FOR_MS };
    },
    take(personId, token) {
      const entry = kept.get(token);
      if (!entry || entry.personId !== personId || entry.until <= clock.monotonic())
        throw new AppError(
          'preview-gone',
          409,
          'What was shown is no longer good: too much time has passed, or it was done already. Look at the preview again.',
        );
      kept.delete(token);
      return entry.preview;
    },
  };
}
