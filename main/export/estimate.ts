import type { Clock } from '../base/clock.ts';
import type { ExportEstimate, ExportRange } from '../contract/export.ts';
import { bytesOf, type CameraPlan, planCamera } from './footage-range.ts';
import type { ExportMaker } from './make-export.ts';
import { footageMs } from './plan.ts';

/** What of a camera's range a person may have, and so learn of. */
export type EstimateRights = (cameraId: string) => { marked: boolean; original: boolean; sound: boolean };

export interface ExportEstimator {
  /** Bytes that a copy of the cameras will need. */
  needed(range: ExportRange, original: boolean): Promise<number>;
  /** What there is of a range, but for the room for it. */
  estimate(range: ExportRange, may: EstimateRights): Promise<Omit<ExportEstimate, 'roomBytes'>>;
}

/** The mark costs bits, and the encoder's own taste differs from the camera's. */
const MARKED_AGAINST_SOURCE = 1.3;

/** Foresees from the index of footage what an export will hold. */
export function createExportEstimator({
  clock,
  maker,
  describeCamera,
}: {
  clock: Clock;
  maker: Pick<ExportMaker, 'footage' | 'cityTime'>;
  describeCamera(cameraId: string): Promise<{ name: string } | undefined>;
}): ExportEstimator {
  async function planned(
    cameraId: string,
    from: number,
    to: number,
  ): Promise<{ plan: CameraPlan; bytes: ExportEstimate['bytes'] }> {
    const plan = await planCamera(maker.footage, maker.cityTime, clock.now(), cameraId, from, to);
    const original = bytesOf(plan.runs) + bytesOf(plan.sound);
    return { plan, bytes: { original, marked: Math.round(original * MARKED_AGAINST_SOURCE) } };
  }

  return {
    async needed({ cameraIds, from, to }, original) {
      let sum = 0;
      for (const id of cameraIds) {
        const { bytes } = await planned(id, from, to);
        sum += original ? bytes.original : bytes.marked;
      }
      return sum;
    },
    async estimate({ cameraIds, from, to }, may) {
      const bytes = { marked: 0, original: 0 };
      const cameras: ExportEstimate['cameras'] = [];
      for (const cameraId of cameraIds) {
        const name = (await describeCamera(cameraId))?.name ?? cameraId;
        const rights = may(cameraId);
        if (!rights.marked) {
          cameras.push({ cameraId, name, footageMs: 0, missingMs: 0, gaps: 0, hasSound: false, may: rights });
          continue;
        }
        const { plan, bytes: own } = await planned(cameraId, from, to);
        bytes.marked += own.marked;
        bytes.original += own.original;
        const gaps = plan.pieces.filter(({ kind }) => kind === 'gap');
        cameras.push({
          ...{ cameraId, name, may: rights, gaps: gaps.length, hasSound: plan.sound.length > 0 },
          footageMs: footageMs(plan.pieces),
          missingMs: gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0),
        });
      }
      return { cameras, bytes };
    },
  };
}
