import { resolve } from 'node:path';
import { verifyAuditFile } from '../audit/verify-file.ts';

/** `kalancha verify-audit`: 0 when every entry is as it was written, 1 with the first that is not. @throws AppError */
export async function verifyAuditCommand(dataDir: string): Promise<number> {
  const verdict = await verifyAuditFile(resolve(dataDir));
  if (verdict.ok) {
    console.log(`audit log is whole: ${verdict.entries} entries`);
    return 0;
  }
  console.error(`audit log is broken at entry ${verdict.seq}: ${verdict.problem}`);
  return 1;
}
