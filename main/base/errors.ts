/**
 * What went wrong, in a form that every face can word for a person: `code` is stable and translated by
 * the console (`errors.<code>`), `params` fill the sentence, `message` is the English sentence itself for
 * the command line and for scripts. Throw it for anything that a person can do something about; throw a
 * plain Error only for a bug.
 */
export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  readonly params: Readonly<Record<string, string | number>>;

  constructor(
    code: string,
    status: number,
    message: string,
    params: Record<string, string | number> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
    this.status = status;
    this.params = params;
  }
}

export const notFound = (what: string, id: string) =>
  new AppError('not-found', 404, `There is no ${what} ${id}.`, { what, id });

/** The text of anything thrown, for a log or a diagnosis. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether the database or the file system ran out of room. */
export const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'SQLITE_FULL' || error.code === 'ENOSPC');
