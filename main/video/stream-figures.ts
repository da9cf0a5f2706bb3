/** What a technician wants to know of a running stream, over its last ten seconds. */
export interface StreamFigures {
  fps: number | null;
  bitrateKbps: number | null;
  gopS: number | null;
}

const WINDOW_S = 10;
/** Frames remembered: ten seconds of a hundred a second. */
const FRAMES = 1_024;

/** Counts frames as they come, in memory of its own: nothing is made for a frame. */
export function createStreamFigures() {
  const times = new Float64Array(FRAMES);
  const sizes = new Uint32Array(FRAMES);
  let count = 0;
  let lastKeyframeS: number | undefined;
  let gopS: number | null = null;
  return {
    add(dtsS: number, bytes: number, keyframe: boolean): void {
      if (keyframe) {
        if (lastKeyframeS !== undefined) gopS = dtsS - lastKeyframeS;
        lastKeyframeS = dtsS;
      }
      times[count % FRAMES] = dtsS;
      sizes[count % FRAMES] = bytes;
      count += 1;
    },
    read(): StreamFigures {
      const lastS = times[(count - 1) % FRAMES] ?? 0;
      let firstS = lastS;
      let frames = 0;
      let bytes = 0;
      // The last frame's own length in time is not known yet: it ends the window.
      for (let at = count - 2; at >= 0 && at > count - FRAMES; at--) {
        const dtsS = times[at % FRAMES] ?? 0;
        if (dtsS < lastS - WINDOW_S || dtsS >= firstS) break;
        firstS = dtsS;
        frames += 1;
        bytes += sizes[at % FRAMES] ?? 0;
      }
      const seconds = lastS - firstS;
      if (seconds <= 0) return { fps: null, bitrateKbps: null, gopS };
      return {
        fps: Math.round((frames / seconds) * 100) / 100,
        bitrateKbps: Math.round((bytes * 8) / seconds / 1000),
        gopS: gopS === null ? null : Math.round(gopS * 1000) / 1000,
      };
    },
  };
}
