import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { WindowState } from './policies/placement.ts';

/** Where the window was; undefined at the first start, or when the file was spoilt. */
export function readWindowState(file: string): WindowState | undefined {
  try {
    return WindowState.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Nothing depends on it: the window opens where a first one would.
    return undefined;
  }
}

/** Remembers where the window is; a half-written file never takes the place of a whole one. */
export function writeWindowState(file: string, state: WindowState): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(state));
  renameSync(`${file}.new`, file);
}
