/** So many nodes are remembered; the one not heard of longest is forgotten for a new one. */
const NODES_LIMIT = 250_000;

interface Node {
  /** Number of its live connection, and in which span of hearing it was told. */
  run: number | undefined;
  heardSince: number;
  /** Devices that spoke through it. */
  nums: Set<number>;
}

/**
 * What Sparkplug's pairing needs to know of edge nodes (chapter 5, "Edge Node Session Termination"), registered or
 * not: a death without the live birth's number is of an older connection, and one that counts takes all devices of
 * the node with it. In memory only: after a start each node is known again from what it says next.
 */
export interface Nodes {
  /** The device `num` speaks through this node. */
  attach(key: string, num: number): void;
  born(key: string, run: number): void;
  /** Devices that are gone with it; undefined when this is not the death of its live connection. */
  died(key: string, run: number): { nums: readonly number[]; paired: boolean } | undefined;
}

/** `hearingSince` says since when the hub hears without a break: a birth may have been missed before. */
export function createNodes(hearingSince: () => number): Nodes {
  const nodes = new Map<string, Node>();

  function nodeOf(key: string): Node {
    const known = nodes.get(key);
    const node = known ?? { run: undefined, heardSince: Number.NaN, nums: new Set<number>() };
    nodes.delete(key);
    nodes.set(key, node);
    const [oldest] = nodes.keys();
    if (nodes.size > NODES_LIMIT && oldest !== undefined) nodes.delete(oldest);
    return node;
  }

  return {
    attach: (key, num) => void nodeOf(key).nums.add(num),
    born(key, run) {
      const node = nodeOf(key);
      node.run = run;
      node.heardSince = hearingSince();
    },
    died(key, run) {
      const node = nodes.get(key);
      const paired = node?.run !== undefined && node.heardSince === hearingSince();
      if (paired && node.run !== run) return undefined;
      return { nums: [...(node?.nums ?? [])], paired };
    },
  };
}
