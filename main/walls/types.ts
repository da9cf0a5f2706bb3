import type { Transaction } from 'kysely';
import type { ShownContent, WallChange, WallInput, WallTour } from '../contract/wall.ts';
import type { Database } from '../storage/tables.ts';

/** Somebody who asks for walls. */
export interface WallPerson {
  id: string;
  name: string;
  /** Of the organisation, as his account spells it; empty for none. */
  unit: string;
}

export interface WallRecord {
  readonly id: string;
  readonly ownerId: string;
  readonly ownerName: string;
  readonly name: string;
  readonly unit: string | null;
  readonly unitKey: string | null;
  readonly content: ShownContent;
  readonly tour: WallTour | null;
  readonly version: number;
  readonly updatedAt: number;
}

/** Saved walls. A wall only names cameras: whoever opens it sees what his own rights open. */
export interface WallStore {
  /** His own, then those of his unit, by name; at most 500. */
  list(person: WallPerson): Promise<WallRecord[]>;
  /** @throws AppError `not-found`, also for a wall that he may not see */
  get(person: WallPerson, id: string): Promise<WallRecord>;
  /** @throws AppError `walls-full`, `wall-unit-missing` */
  add(trx: Transaction<Database>, person: WallPerson, input: WallInput): Promise<WallRecord>;
  /** @throws AppError `not-found`, `wall-not-yours`, `wall-changed`, `wall-unit-missing` */
  change(
    trx: Transaction<Database>,
    person: WallPerson,
    id: string,
    change: WallChange,
  ): Promise<{ before: WallRecord; after: WallRecord }>;
  /** @throws AppError `not-found`, `wall-not-yours` */
  remove(trx: Transaction<Database>, person: WallPerson, id: string): Promise<WallRecord>;
}
