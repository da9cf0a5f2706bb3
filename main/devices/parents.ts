import { AppError } from '../base/errors.ts';
import type { DeviceKind } from '../contract/device.ts';

/** Deeper than any real network; what goes deeper is a circle already. */
export const MAX_DEPTH = 64;

export type ParentProblem = 'parent-unknown' | 'parent-not-switch' | 'parent-circle';
export interface Ancestor {
  readonly id: string;
  readonly kind: DeviceKind;
}

/** What is wrong with putting device `id` below the first of `chain`, whose own parents follow; null when nothing is. */
export function parentProblem(id: string, chain: readonly Ancestor[]): ParentProblem | null {
  const parent = chain[0];
  if (!parent) return 'parent-unknown';
  if (parent.id !== id && parent.kind !== 'switch') return 'parent-not-switch';
  if (chain.length >= MAX_DEPTH || chain.some((ancestor) => ancestor.id === id)) return 'parent-circle';
  return null;
}

/** The chain upwards from `parentId`, as far as it is known. */
export function chainFrom(
  parentId: string,
  find: (id: string) => { kind: DeviceKind; parentId: string | null } | undefined,
): Ancestor[] {
  const chain: Ancestor[] = [];
  for (let next: string | null = parentId; next !== null && chain.length < MAX_DEPTH; ) {
    const found = find(next);
    if (!found) break;
    chain.push({ id: next, kind: found.kind });
    next = found.parentId;
  }
  return chain;
}

const SENTENCES: Record<ParentProblem, string> = {
  'parent-unknown': 'There is no device of this id to stand above it.',
  'parent-not-switch': 'Only a switch can stand above another device.',
  'parent-circle': 'The device would stand above itself.',
};

export const parentSentence = (problem: ParentProblem): string => SENTENCES[problem];

export const parentError = (problem: ParentProblem, parentId: string): AppError =>
  new AppError(problem, 400, SENTENCES[problem], { parent: parentId });
