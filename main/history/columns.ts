/** One device's reports as columns, by time. */
export interface Columns {
  /** UTC ms, ascending. */
  times: number[];
  /** By metric number: a value for each time, undefined where the report had none. */
  values: Map<number, (number | undefined)[]>;
}
