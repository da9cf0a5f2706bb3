import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const Remembered = z.strictObject({ port: z.int().min(1024).max(65_535) });

/**
 * The port that the hub had last time. What a page keeps for itself (language, theme, open panels) belongs to its
 * origin, so the hub gets the same one again where it can. 0 when there was none.
 */
export function readHubPort(file: string): number {
  try {
    return Remembered.parse(JSON.parse(readFileSync(file, 'utf8'))).port;
  } catch {
    // The first start, or a spoilt file: any port will do.
    return 0;
  }
}

export function writeHubPort(file: string, port: number): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ port }));
}
