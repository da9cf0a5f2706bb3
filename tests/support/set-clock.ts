import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

/** The clock of processes that a test starts: it can be set while they run, as an operator or NTP sets one. */
export interface SettableClock {
  /** For the processes: from here on their wall clock is the test's; how long things take is not touched. */
  readonly env: Record<string, string>;
  /** Their clock is this much ahead of ours from now on (some tenths of a second later at most). */
  set(offsetMs: number): void;
}

/** `file`: where libfaketime reads the offset. */
export function settableClock(file: string, offsetMs: number): SettableClock {
  const library = execFileSync('dpkg', ['-L', 'libfaketime'], { encoding: 'utf8' })
    .split('\n')
    .find((line) => line.endsWith('/libfaketimeMT.so.1'));
  if (!library) throw new Error('libfaketime is installed but holds no libfaketimeMT.so.1');
  const set = (offset: number) => {
    const seconds = Math.round(offset / 1000);
    writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}\n`);
  };
  set(offsetMs);
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
    set,
  };
}
