import { join } from 'node:path';
import { cutRun, type Run } from './plan.ts';
import type { Source } from './source.ts';

export interface SoundInput {
  /** Inputs 1, 2, … of ffmpeg. */
  files: string[];
  /** Makes `[a]`; null when no sound is wanted. */
  filter: string | null;
}

const FORMAT = 'aresample=48000,aformat=channel_layouts=mono';

/**
 * The sound of a stretch, each recorded run at its own true time and silence where there is none, exactly as long
 * as the stretch. Writes the runs to files beside the work.
 */
export async function soundFilters(
  source: Source,
  runs: readonly Run[],
  from: number,
  to: number,
  folder: string,
  name: string,
): Promise<SoundInput> {
  const lengthS = ((to - from) / 1000).toFixed(6);
  const files: string[] = [];
  const parts: string[] = [];
  for (const whole of runs) {
    const run = cutRun(whole, from, to);
    const first = run?.segments[0];
    if (!run || !first) continue;
    const file = `${name}-sound-${files.length}.mp4`;
    await source.save('sound', run, join(folder, file));
    files.push(file);
    const late = first.startMs - from;
    const place =
      late > 0
        ? `adelay=${Math.round(late)}:all=1`
        : `atrim=start=${(-late / 1000).toFixed(6)},asetpts=PTS-STARTPTS`;
    parts.push(`[${files.length}:a:0]asetpts=PTS-STARTPTS,${FORMAT},${place}[s${files.length}]`);
  }
  if (files.length === 0) return { files, filter: `anullsrc=r=48000:cl=mono,atrim=end=${lengthS}[a]` };
  const labels = files.map((_file, index) => `[s${index + 1}]`).join('');
  const mix = `${labels}amix=inputs=${files.length}:normalize=0,apad,atrim=end=${lengthS}[a]`;
  return { files, filter: [...parts, mix].join(';') };
}
