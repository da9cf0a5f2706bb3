import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError, messageOf } from '../base/errors.ts';
import type { Manifest } from '../export/manifest.ts';
import { readPublicKey } from '../export/signing.ts';
import type { TrustedKey } from '../export/verify.ts';
import { verifyExportPath } from '../export/verify-path.ts';

export interface VerifyExportOptions {
  file: string;
  /** File with the hub's public key, PEM. */
  keyFile?: string | undefined;
  /** Its fingerprint, with or without spaces and colons. */
  fingerprint?: string | undefined;
}

/** The files are as their manifest says, but whose manifest it is was not checked. */
const UNPROVEN = 3;

/**
 * `kalancha verify-export`: 0 when all is as the hub made it, 1 with each thing that is not, 3 when nobody said
 * which key to trust: a key that comes in the manifest itself could be anybody's. @throws AppError
 */
export async function verifyExportCommand(options: VerifyExportOptions): Promise<number> {
  const verdict = await verifyExportPath(resolve(options.file), await trustedKey(options));
  const { manifest, problems, fingerprint, trusted } = verdict;
  if (problems.length > 0) {
    for (const { code, sentence } of problems) console.error(`${code}: ${sentence}`);
    return 1;
  }
  if (manifest) describe(manifest);
  if (trusted) {
    console.log(`genuine: signed with the key you trust, ${fingerprint}`);
    return 0;
  }
  console.log(`signed with the key ${fingerprint}`);
  console.error(
    'not proven: the files fit their manifest, but anybody can sign with a key of his own. Get the public key or its ' +
      'fingerprint from the hub by another way (Settings, or /api/exports/public-key) and give it with --key FILE or --fingerprint HEX.',
  );
  return UNPROVEN;
}

async function trustedKey({ keyFile, fingerprint }: VerifyExportOptions): Promise<TrustedKey | null> {
  if (keyFile !== undefined) {
    const key = readPublicKey(
      await readFile(keyFile, 'utf8').catch((error: unknown) => {
        throw new AppError('usage', 400, `The key ${keyFile} cannot be read (${messageOf(error)}).`);
      }),
    );
    if (!key) throw new AppError('usage', 400, `${keyFile} holds no Ed25519 public key in PEM.`);
    return { key };
  }
  if (fingerprint === undefined) return null;
  const digits = fingerprint.replace(/[\s:]/g, '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(digits))
    throw new AppError(
      'usage',
      400,
      'A fingerprint is 64 hexadecimal digits; spaces and colons may stand between.',
    );
  return { fingerprint: digits };
}

function describe(manifest: Manifest): void {
  const { person, hub } = manifest;
  console.log(`${manifest.kind} ${manifest.id}, ${manifest.form}, of hub ${hub.id} (${hub.city})`);
  console.log(`taken by ${person.name}, number ${person.number || '-'}, login ${person.login}`);
  console.log(`asked ${manifest.askedAt}, made ${manifest.madeAt}, on the basis: ${manifest.basis || '-'}`);
  console.log(`range ${manifest.asked.from} to ${manifest.asked.to}`);
  for (const camera of manifest.cameras) {
    console.log(`camera ${camera.id} (${camera.name}): ${camera.segments.length} recorded segments`);
    for (const gap of camera.gaps) console.log(`  missing ${gap.from} to ${gap.to}: ${gap.reason}`);
  }
  for (const file of manifest.files)
    console.log(`file ${file.name}: ${file.bytes} bytes, sha256 ${file.sha256}`);
}
