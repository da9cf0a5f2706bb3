import type { DiskReason } from '../../contract/recording.ts';
import { DiskHung } from './guarded-fs.ts';

/** Why a disk cannot be used, found out by ourselves rather than told by the system. */
export class DiskTrouble extends Error {
  readonly reason: DiskReason;
  constructor(reason: DiskReason, message: string) {
    super(message);
    this.name = 'DiskTrouble';
    this.reason = reason;
  }
}

/** What the system's word says of the disk. */
const REASONS: Record<string, DiskReason> = {
  ENOSPC: 'no-room',
  EDQUOT: 'no-room',
  EFBIG: 'no-room',
  EROFS: 'read-only',
  EACCES: 'refused',
  EPERM: 'refused',
  EIO: 'io-error',
  ENXIO: 'io-error',
  ENODEV: 'io-error',
  EREMOTEIO: 'io-error',
  EUCLEAN: 'io-error',
  EBADMSG: 'io-error',
  ESTALE: 'not-mounted',
  ENOTCONN: 'not-mounted',
  ENOENT: 'not-mounted',
  ENOTDIR: 'not-mounted',
  ESHUTDOWN: 'not-mounted',
  EHOSTDOWN: 'not-mounted',
  ETIMEDOUT: 'hung',
};

/**
 * Which trouble of the whole disk an error tells; undefined when it concerns one file or this process alone
 * (a file that is there already, too many open files).
 */
export function diskReason(error: unknown): DiskReason | undefined {
  if (error instanceof DiskTrouble) return error.reason;
  if (error instanceof DiskHung) return 'hung';
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return REASONS[String(error.code)];
}
