import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeviceInput } from '../../main/contract/device.ts';
import { changesTo } from '../../main/devices/test-changes.ts';
import { allOnline, makeTestCity, type TestCity } from '../../main/devices/test-city.ts';
import type { DeviceStore, ImportOptions } from '../../main/devices/types.ts';

type Imported = Awaited<ReturnType<DeviceStore['importCsv']>>;

/** A city into which files of devices are imported. */
export interface ImportDesk {
  readonly city: TestCity;
  /** Counts of each import that went on record. */
  readonly recorded: { added: number; changed: number }[];
  importing(content: string | Uint8Array, options?: Partial<ImportOptions>): Promise<Imported>;
  /** Imports what is to be refused: line, column and code of each problem. */
  problems(
    content: string,
    options?: Partial<ImportOptions>,
  ): Promise<[number, string | undefined, string][]>;
  add(...inputs: (Partial<DeviceInput> & { id: string })[]): Promise<void>;
  device(id: string): ReturnType<DeviceStore['device']>;
}

/** Whoever may do all. */
export const always: ImportOptions['rights'] = {
  ...{ edit: () => true, move: () => true, stillAllowed: () => true },
};

export async function importDesk(): Promise<ImportDesk> {
  const city = await makeTestCity();
  const recorded: ImportDesk['recorded'] = [];

  const importing: ImportDesk['importing'] = (content, options = {}) => {
    const file = join(city.dir, 'upload.csv');
    writeFileSync(file, content);
    return city.devices.importCsv(file, {
      rights: always,
      signal: new AbortController().signal,
      progress: () => undefined,
      record: async (_trx, counts) => {
        recorded.push(counts);
      },
      ...options,
    });
  };

  return {
    ...{ city, recorded, importing },
    async problems(content, options) {
      const { result, refused } = await importing(content, options);
      if (refused?.code !== 'import-rows-bad') throw new Error(`not refused: ${refused?.code}`);
      if (recorded.length > 0) throw new Error('what is refused is on record');
      return result.errors.map(({ line, column, code }) => [line, column, code]);
    },
    add: (...inputs) => changesTo(() => city).add(...inputs),
    device: (id) => city.devices.device(id, allOnline),
  };
}
