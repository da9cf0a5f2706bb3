import type { Kysely } from 'kysely';
import type { Clock } from '../../base/clock.ts';
import type { Area } from '../../contract/device.ts';
import type { Database } from '../../storage/tables.ts';
import type { StreamKeeper } from '../streams.ts';
import type { DeviceRecord } from '../types.ts';

/** What the import needs of the registry it writes into. */
export interface ImportRegistry {
  db: Kysely<Database>;
  clock: Clock;
  streams: StreamKeeper;
  areas(): ReadonlyMap<string, Area>;
  groups(): ReadonlyMap<string, string>;
  find(id: string): DeviceRecord | undefined;
  /** Changes begun so far; what was checked is good as long as this stays. */
  edits(): number;
  began(): void;
  committed(ids: readonly string[]): Promise<void>;
}
