import { z } from 'zod';
import { UtcMs } from './common.ts';

/**
 * What may be wrong with a camera's picture although its stream runs; a device's status reason is `picture-` and one
 * of these. `moved` is another view than the learned one: shifted, turned or covered.
 */
export const PictureProblems = ['black', 'frozen', 'blurred', 'moved'] as const;
export const PictureProblem = z.enum(PictureProblems);
export type PictureProblem = z.infer<typeof PictureProblem>;

/** What the hub found by looking at keyframes. */
export const PictureFinding = z.object({
  problem: PictureProblem,
  /** Footage time of the first picture that showed it. */
  since: UtcMs,
  /** Footage time of the last one. */
  seenAt: UtcMs,
  /** The last picture in which all was well; null when there was none. */
  goodAt: UtcMs.nullable(),
  /** Where the old view lies in the new one, in percent of the picture to the right and down; null where it is not in it. */
  shift: z.object({ rightPct: z.number(), downPct: z.number() }).nullable(),
  /** Footage time of the thumbnail; null while there is none. */
  thumbnailAt: UtcMs.nullable(),
});
export type PictureFinding = z.infer<typeof PictureFinding>;

/** `GET /api/video/:id/picture-check` */
export const PictureCheck = z.object({
  /** Footage time of the last picture looked at; null before the first. */
  checkedAt: UtcMs.nullable(),
  /** 0 to 1: how much of the camera's usual view is learned. Until 1, blur and movement cannot be told. */
  learned: z.number().min(0).max(1),
  finding: PictureFinding.nullable(),
});
export type PictureCheck = z.infer<typeof PictureCheck>;
