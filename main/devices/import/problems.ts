import type { ImportRowError } from '../../contract/device.ts';

/** So many problems are named one by one; the rest are counted. */
export const NAMED = 1000;

/** Gathers what is wrong with a file: counts all of it, names the first by line. */
export class Problems {
  #count = 0;
  #named: ImportRowError[] = [];

  get count(): number {
    return this.#count;
  }

  add(line: number, column: string | undefined, code: string, message: string): void {
    this.#count += 1;
    this.#named.push({ line, ...(column === undefined ? {} : { column }), code, message });
    if (this.#named.length >= 2 * NAMED) this.#named = this.first();
  }

  /** The first by line, then in the order in which they were found. */
  first(): ImportRowError[] {
    return this.#named.toSorted((a, b) => a.line - b.line).slice(0, NAMED);
  }
}
