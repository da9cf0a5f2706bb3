import { dirname } from 'node:path';
import type { Step, TraceEvent } from './traced-fs.ts';

const SECTOR = 512;

export interface Remains {
  /** Folders, parents first. */
  folders: string[];
  files: Map<string, Buffer>;
  /** The database after the last transaction that was stored. */
  database: Buffer | undefined;
}

/**
 * What a power cut leaves after the first `point` events. What was flushed is there; of what was not, each write
 * is there, missing, zeros, or there in some of its sectors, each name made or removed is so or not, whatever
 * the order: as much as a disk with a cache of its own is allowed to lose.
 */
export function powerCut(events: readonly TraceEvent[], point: number, random: () => number): Remains {
  const begun = new Map<Step, number>();
  const done = new Map<Step, number>();
  for (const [at, { moment, step }] of events.slice(0, point).entries())
    (moment === 'begun' ? begun : done).set(step, at);
  const steps = [...begun.keys()];
  const syncs = steps.flatMap((step) => {
    if ((step.kind !== 'sync' && step.kind !== 'sync-folder') || !done.has(step)) return [];
    return [{ of: step.kind === 'sync' ? step.file : step.path, from: begun.get(step) ?? 0 }];
  });
  const flushed = (step: Step, of: number | string) => {
    const at = done.get(step);
    return at !== undefined && syncs.some((sync) => sync.of === of && sync.from > at);
  };

  const contents = new Map<number, Buffer>();
  for (const step of steps) {
    if (step.kind === 'create') contents.set(step.file, Buffer.alloc(0));
    if (step.kind !== 'write' && step.kind !== 'truncate') continue;
    const before = contents.get(step.file) ?? Buffer.alloc(0);
    contents.set(step.file, changed(before, step, flushed(step, step.file), random));
  }

  const names = new Map<string, number | 'folder'>();
  for (const step of steps) {
    if (step.kind === 'commit' || !('path' in step) || step.kind === 'sync-folder') continue;
    if (!flushed(step, dirname(step.path)) && random() < 0.5) continue;
    if (step.kind === 'folder') names.set(step.path, 'folder');
    else if (step.kind === 'create') names.set(step.path, step.file);
    else names.delete(step.path);
  }
  // A name whose folder was lost cannot be found.
  const made = new Set(steps.flatMap((step) => (step.kind === 'folder' ? [step.path] : [])));
  const reachable = (path: string): boolean => {
    const parent = dirname(path);
    return !made.has(parent) || (names.get(parent) === 'folder' && reachable(parent));
  };
  const kept = [...names].filter(([path]) => reachable(path));
  const commits = steps.flatMap((step) => (step.kind === 'commit' ? [step.database] : []));
  return {
    folders: kept.flatMap(([path, what]) => (what === 'folder' ? [path] : [])).sort(),
    files: new Map(
      kept.flatMap(([path, what]) =>
        what === 'folder' ? [] : [[path, contents.get(what) ?? Buffer.alloc(0)] as const],
      ),
    ),
    database: commits.at(-1),
  };
}

function changed(
  before: Buffer,
  step: Extract<Step, { kind: 'write' | 'truncate' }>,
  flushed: boolean,
  random: () => number,
): Buffer {
  const fate = flushed ? 0 : random();
  if (step.kind === 'truncate') {
    if (fate >= 0.5) return before;
    const after = Buffer.alloc(step.size);
    before.copy(after);
    return after;
  }
  if (fate >= 0.75) return before;
  const end = step.at + step.bytes.length;
  const after = Buffer.alloc(Math.max(before.length, end));
  before.copy(after);
  if (fate >= 0.5) return after;
  if (fate < 0.25) {
    step.bytes.copy(after, step.at);
    return after;
  }
  for (let at = 0; at < step.bytes.length; ) {
    const next = Math.min(step.bytes.length, at + SECTOR - ((step.at + at) % SECTOR));
    if (random() < 0.5) step.bytes.copy(after, step.at + at, at, next);
    at = next;
  }
  return after;
}

/** Random numbers that are the same each time (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
