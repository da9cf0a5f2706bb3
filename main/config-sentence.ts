import { z } from 'zod';
import { ConfigFile } from './config-file.ts';

/** What is wrong with the settings, for the person who wrote them: a misspelt key is told its right name. */
export function sentenceOf(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return 'the settings are not valid.';
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    return `unknown key "${path ? `${path}.` : ''}${key}".${nearest(key, knownKeys(issue.path.map(String)))}`;
  }
  // zod 4 words a missing key as "received undefined" and tells it by nothing else.
  if (issue.code === 'invalid_type' && /received undefined$/.test(issue.message))
    return `"${path}" is missing: give a ${issue.expected}.`;
  return `"${path}": ${issue.message}.`;
}

/** The keys that may stand at `path`. */
function knownKeys(path: string[]): string[] {
  let shape: unknown = ConfigFile.shape;
  for (const step of path) {
    const inner = z.record(z.string(), z.custom<z.ZodType>()).safeParse(shape).data?.[step];
    shape = unwrap(inner)?.shape;
  }
  return typeof shape === 'object' && shape !== null ? Object.keys(shape) : [];
}

function unwrap(schema: z.ZodType | undefined): z.ZodObject | undefined {
  if (schema instanceof z.ZodObject) return schema;
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return unwrap(schema.unwrap() as z.ZodType);
  return undefined;
}

/** " Did you mean x?" when something known is at most two edits away; else the list of what is known. */
export function nearest(word: string, known: readonly string[]): string {
  const best = known
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  if (best && best.distance <= 2) return ` Did you mean "${best.candidate}"?`;
  return known.length > 0 ? ` Known here: ${known.join(', ')}.` : '';
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (next[j - 1] ?? 0) + 1,
          (row[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}
