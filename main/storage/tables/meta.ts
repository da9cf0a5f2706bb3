/** Facts about this hub itself: its id, its keys, what was done once. */
export interface MetaTables {
  meta: { key: string; value: string };
}
