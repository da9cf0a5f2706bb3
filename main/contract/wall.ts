import { z } from 'zod';
import { DeviceId, Id, UtcMs } from './common.ts';

/** Tiles of a page in the even layouts; the n-th one has n rows and n columns. */
export const WallSizes = [1, 4, 9, 16, 25] as const;
export const WallSize = z.literal(WallSizes);
export type WallSize = z.infer<typeof WallSize>;

/** Columns and rows of the free layout's grid: tiles of n × n cells keep the shape of the screen. */
export const FREE_GRID = 12;
/** Narrower than this a picture shows nothing, cells. */
export const FREE_LEAST = 2;
export const FREE_TILES_LIMIT = 25;
/** Cells of a wall in an even layout, over all its pages. */
export const WALL_CELLS_LIMIT = 100;
export const TOUR_LEAST_S = 5;
export const TOUR_MOST_S = 3600;

/** In an answer, in the place of a camera that the viewer may not see. Never the name of a device. */
export const HIDDEN_CAMERA = '*';

/** Where a tile lies in the free layout's grid, cells counted from 0. */
export const TilePlace = z.strictObject({
  x: z
    .int()
    .min(0)
    .max(FREE_GRID - FREE_LEAST),
  y: z
    .int()
    .min(0)
    .max(FREE_GRID - FREE_LEAST),
  w: z.int().min(FREE_LEAST).max(FREE_GRID),
  h: z.int().min(FREE_LEAST).max(FREE_GRID),
});
export type TilePlace = z.infer<typeof TilePlace>;

export const inGrid = ({ x, y, w, h }: TilePlace): boolean =>
  x >= 0 && y >= 0 && w >= FREE_LEAST && h >= FREE_LEAST && x + w <= FREE_GRID && y + h <= FREE_GRID;

export const overlap = (a: TilePlace, b: TilePlace): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

const contentOf = <C extends z.ZodType<string>>(camera: C) =>
  z.discriminatedUnion('layout', [
    z.strictObject({
      layout: z.literal('grid'),
      size: WallSize,
      /** Row by row; more cells than tiles are further pages. Null is an empty tile. */
      cells: z.array(camera.nullable()).max(WALL_CELLS_LIMIT),
    }),
    z.strictObject({
      layout: z.literal('free'),
      tiles: z
        .array(z.strictObject({ ...TilePlace.shape, cameraId: camera.nullable() }))
        .max(FREE_TILES_LIMIT)
        .refine((tiles) => tiles.every(inGrid), { message: 'a tile reaches out of the grid' })
        .refine(
          (tiles) => tiles.every((tile, at) => tiles.slice(at + 1).every((other) => !overlap(tile, other))),
          { message: 'two tiles lie over each other' },
        ),
    }),
  ]);

/** What is on a wall, as its owner stores it. */
export const WallContent = contentOf(DeviceId);
/** The same as one viewer is told of it. */
export const ShownContent = contentOf(z.union([DeviceId, z.literal(HIDDEN_CAMERA)]));
export type ShownContent = z.infer<typeof ShownContent>;

/** The pages of the wall, then those of the other walls, each for so many seconds. */
export const WallTour = z.strictObject({
  everyS: z.int().min(TOUR_LEAST_S).max(TOUR_MOST_S),
  /** Walls that the viewer may not see are passed over. */
  wallIds: z.array(Id).max(20),
});
export type WallTour = z.infer<typeof WallTour>;

const WallName = z.string().trim().min(1).max(80);

export const WallInput = z.strictObject({
  name: WallName,
  /** Shared with everybody of the owner's own unit. */
  shared: z.boolean().default(false),
  content: WallContent,
  tour: WallTour.nullable().default(null),
});
export type WallInput = z.infer<typeof WallInput>;

/** `version` is the one that was changed: another one's work is never overwritten unseen. */
export const WallChange = z.strictObject({
  ...WallInput.shape,
  shared: z.boolean(),
  version: z.int().min(1),
});
export type WallChange = z.infer<typeof WallChange>;

export const WallSummary = z.object({
  id: Id,
  name: WallName,
  /** Whether the person asking owns it: only the owner changes it. */
  mine: z.boolean(),
  ownerName: z.string(),
  /** The unit that it is shared with; null is private. */
  unit: z.string().nullable(),
  cameras: z.int(),
  updatedAt: UtcMs,
});
export type WallSummary = z.infer<typeof WallSummary>;

export const Wall = WallSummary.extend({
  version: z.int(),
  content: ShownContent,
  tour: WallTour.nullable(),
});
export type Wall = z.infer<typeof Wall>;

export const WallCamerasQuery = z.strictObject({ ids: z.array(DeviceId).max(WALL_CELLS_LIMIT) });
export type WallCamerasQuery = z.infer<typeof WallCamerasQuery>;

/** A camera as its tile needs it. What the person may not see is not in the answer, nor that it exists. */
export const WallCamera = z.object({
  id: DeviceId,
  name: z.string(),
  /** Whether footage of it is being written now. */
  recording: z.boolean(),
});
export type WallCamera = z.infer<typeof WallCamera>;
