import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type WallPlace, WallPlacesState } from './policies/wall-placement.ts';

/** Where walls were; none at the first start, or when the file was spoilt. */
export function readWallPlaces(file: string): WallPlace[] {
  try {
    return WallPlacesState.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Nothing depends on it: a wall opens on the next screen.
    return [];
  }
}

/** A half-written file never takes the place of a whole one. */
export function writeWallPlaces(file: string, places: readonly WallPlace[]): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(places));
  renameSync(`${file}.new`, file);
}
