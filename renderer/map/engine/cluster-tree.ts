import { z } from 'zod';

/**
 * Who contains whom, for all zooms at once: `leafParent[i]` is the innermost cluster of point i, `parent[c]`
 * the cluster around cluster c, -1 for none. Clusters are numbered densely; `dense` translates supercluster's
 * own ids.
 */
export interface ClusterTree {
  leafParent: Int32Array;
  parent: Int32Array;
  dense: Map<number, number>;
}

// Places in supercluster's item, which it keeps flat in one array a zoom.
const ID = 3;
const PARENT = 4;
const COUNT = 5;

/**
 * What is read of supercluster's inside. It offers no way from a point to its clusters, and its version is
 * pinned; should the inside change all the same, this says so instead of counting wrongly.
 */
const Inside = z.object({
  stride: z.literal(6),
  numPoints: z.int(),
  options: z.object({ minZoom: z.int(), maxZoom: z.int() }),
  trees: z.array(z.object({ numItems: z.int(), data: z.instanceof(Int32Array) }).optional()),
});

/** @param index a loaded Supercluster
 * @throws ZodError when supercluster is not the version this was written for */
export function readClusterTree(index: unknown): ClusterTree {
  const { stride, numPoints, options, trees } = Inside.parse(index);
  const leafParent = new Int32Array(numPoints).fill(-1);
  const dense = new Map<number, number>();
  const parents: number[] = [];
  const number = (id: number): number => {
    const known = dense.get(id);
    if (known !== undefined) return known;
    const fresh = dense.size;
    dense.set(id, fresh);
    parents.push(-1);
    return fresh;
  };
  for (let zoom = options.maxZoom + 1; zoom >= options.minZoom; zoom--) {
    const tree = trees[zoom];
    if (!tree) continue;
    const { data } = tree;
    for (let at = 0; at < tree.numItems * stride; at += stride) {
      const id = data[at + ID] ?? -1;
      const around = data[at + PARENT] ?? -1;
      const isCluster = (data[at + COUNT] ?? 1) > 1;
      const own = isCluster ? number(id) : -1;
      if (around === -1) continue;
      const outer = number(around);
      if (isCluster) parents[own] = outer;
      else leafParent[id] = outer;
    }
  }
  return { leafParent, parent: Int32Array.from(parents), dense };
}
