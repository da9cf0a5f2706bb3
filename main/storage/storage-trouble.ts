import { messageOf } from '../base/errors.ts';
import { nameOfError, type Trouble, type TroubleCode, troubleOf } from '../contract/trouble.ts';

/** What the file system or SQLite (primary and extended result codes) says, by the beginning of its name. */
const CODES: readonly (readonly [RegExp, TroubleCode])[] = [
  [/^(?:ENOSPC|EDQUOT|EFBIG|SQLITE_FULL)/, 'disk-full'],
  [/^(?:EROFS|SQLITE_READONLY)/, 'disk-read-only'],
  [/^(?:EIO|ENXIO|ENODEV|EREMOTEIO|SQLITE_IOERR)/, 'disk-failing'],
  [/^(?:EACCES|EPERM|SQLITE_PERM|SQLITE_AUTH)/, 'disk-denied'],
  [/^ETIMEDOUT/, 'disk-hung'],
  [/^(?:EUCLEAN|EBADMSG|SQLITE_CORRUPT|SQLITE_NOTADB)/, 'data-damaged'],
  [/^(?:ENOENT|ENOTDIR|ESTALE|SQLITE_CANTOPEN)/, 'data-missing'],
];

/** What keeps something from being stored. @param text its English words, where they are to differ from the error's */
export function storageTrouble(error: unknown, text = messageOf(error)): Trouble {
  const what = nameOfError(error);
  const code = CODES.find(([name]) => name.test(what))?.[1];
  return code ? troubleOf(code, text) : troubleOf('storage-other', text, { what });
}
