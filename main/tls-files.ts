import { readFileSync } from 'node:fs';
import { AppError, messageOf } from './base/errors.ts';

/** @throws AppError `file-unreadable` that names the setting */
export function readSettingFile(setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new AppError(
      'file-unreadable',
      500,
      `${setting} names ${file}, which cannot be read (${messageOf(error)}).`,
      { setting, file },
    );
  }
}

/** Certificate and key in PEM, from the files that a setting names. */
export function readTls(
  setting: string,
  files: { certFile: string; keyFile: string },
): { cert: string; key: string } {
  return {
    cert: readSettingFile(`${setting}.certFile`, files.certFile),
    key: readSettingFile(`${setting}.keyFile`, files.keyFile),
  };
}
