import type { KeyObject } from 'node:crypto';
import { type Manifest, manifestText, SignedManifest } from './manifest.ts';
import { fingerprintOf, isSigned, pemOf, readPublicKey } from './signing.ts';

/** What is known of the hub's key from elsewhere: a public key, or its fingerprint. */
export type TrustedKey = { key: KeyObject } | { fingerprint: string };

export interface ExportProblem {
  code:
    | 'manifest-missing'
    | 'manifest-unreadable'
    | 'manifest-changed'
    | 'key-unknown'
    | 'file-missing'
    | 'file-changed'
    | 'file-unlisted'
    | 'file-unreadable';
  sentence: string;
}

export interface ExportVerdict {
  problems: ExportProblem[];
  /** Null when nothing could be read as a manifest. */
  manifest: Manifest | null;
  /** Of the key that the signature names. */
  fingerprint: string | null;
  /** Was that key checked against one known from elsewhere? Without it nothing is proven. */
  trusted: boolean;
}

export interface FoundFile {
  name: string;
  bytes: number;
  sha256: string;
}

const problem = (code: ExportProblem['code'], sentence: string): ExportProblem => ({ code, sentence });

/** Reads a manifest and checks its signature. Of files nothing is said yet. */
export function verifyManifest(text: string, trust: TrustedKey | null): ExportVerdict {
  const none = { manifest: null, fingerprint: null, trusted: false };
  let signed: SignedManifest;
  try {
    signed = SignedManifest.parse(JSON.parse(text));
  } catch {
    const sentence = 'The manifest cannot be read: it is damaged, or was never one of Kalancha.';
    return { ...none, problems: [problem('manifest-unreadable', sentence)] };
  }
  const { manifest, signature } = signed;
  const problems: ExportProblem[] = [];
  const named = readPublicKey(signature.publicKey);
  const consistent =
    named !== undefined &&
    fingerprintOf(named) === signature.fingerprint &&
    pemOf(named) === signature.publicKey &&
    manifestText(signed) === text;
  const key = trust && 'key' in trust ? trust.key : named;
  const expected = trust && ('key' in trust ? fingerprintOf(trust.key) : trust.fingerprint);
  if (expected && signature.fingerprint !== expected)
    problems.push(
      problem(
        'key-unknown',
        `The manifest is signed with the key ${signature.fingerprint}, not with the one you trust, ${expected}.`,
      ),
    );
  else if (!consistent || !key || !isSigned(key, manifest, signature.value))
    problems.push(
      problem(
        'manifest-changed',
        'The manifest was changed after it was signed: its signature does not fit.',
      ),
    );
  return { manifest, problems, fingerprint: signature.fingerprint, trusted: trust !== null };
}

/**
 * Compares files with what the manifest says of them. `complete`: all of the export should be there, and nothing
 * else; otherwise only those found are looked at.
 */
export function verifyFiles(
  manifest: Manifest,
  found: readonly FoundFile[],
  complete: boolean,
): ExportProblem[] {
  const problems: ExportProblem[] = [];
  const listed = new Map(manifest.files.map((file) => [file.name, file]));
  const seen = new Set<string>();
  for (const { name, bytes, sha256 } of found) {
    const told = listed.get(name);
    if (!told || seen.has(name)) {
      problems.push(
        problem('file-unlisted', `The file ${name} is not of this export: the manifest does not name it.`),
      );
      continue;
    }
    seen.add(name);
    if (told.sha256 === sha256) continue;
    const size = told.bytes === bytes ? '' : ` It should be ${told.bytes} bytes long and is ${bytes}.`;
    problems.push(problem('file-changed', `The file ${name} is not as the hub made it.${size}`));
  }
  if (complete)
    for (const name of listed.keys())
      if (!seen.has(name)) problems.push(problem('file-missing', `The file ${name} is missing.`));
  return problems;
}
