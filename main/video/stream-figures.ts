interface Sample {
  dtsS: number;
  bytes: number;
  keyframe: boolean;
}

/** What a technician wants to know of a running stream, over its last ten seconds. */
export interface StreamFigures {
  fps: number | null;
  bitrateKbps: number | null;
  gopS: number | null;
}

const WINDOW_S = 10;

export function createStreamFigures() {
  let samples: Sample[] = [];
  let lastKeyframeS: number | undefined;
  let gopS: number | null = null;
  return {
    add(sample: Sample): void {
      if (sample.keyframe) {
        if (lastKeyframeS !== undefined) gopS = sample.dtsS - lastKeyframeS;
        lastKeyframeS = sample.dtsS;
      }
      samples.push(sample);
      if ((samples[0]?.dtsS ?? 0) < sample.dtsS - WINDOW_S * 2)
        samples = samples.filter((old) => old.dtsS >= sample.dtsS - WINDOW_S);
    },
    read(): StreamFigures {
      const first = samples[0];
      const last = samples.at(-1);
      if (!first || !last || last.dtsS <= first.dtsS) return { fps: null, bitrateKbps: null, gopS };
      const from = Math.max(first.dtsS, last.dtsS - WINDOW_S);
      const inside = samples.filter((sample) => sample.dtsS >= from);
      const seconds = last.dtsS - (inside[0]?.dtsS ?? from);
      const bytes = inside.slice(0, -1).reduce((sum, sample) => sum + sample.bytes, 0);
      if (seconds <= 0) return { fps: null, bitrateKbps: null, gopS };
      return {
        fps: Math.round(((inside.length - 1) / seconds) * 100) / 100,
        bitrateKbps: Math.round((bytes * 8) / seconds / 1000),
        gopS: gopS === null ? null : Math.round(gopS * 1000) / 1000,
      };
    },
  };
}
