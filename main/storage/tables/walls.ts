export interface WallTables {
  walls: {
    id: string;
    owner_id: string;
    /** As it was when the wall was last stored. */
    owner_name: string;
    name: string;
    /** The unit that may see it, as its owner's account spells it; null is private. */
    unit: string | null;
    /** The same folded (`walls/units.ts`), to be compared. */
    unit_key: string | null;
    /** JSON of WallContent. */
    content: string;
    /** JSON of WallTour. */
    tour: string | null;
    /** Counts up with each change. */
    version: number;
    updated_at: number;
  };
}
