/** What this process and its children write from now on is readable by its user alone, whatever folder it lies in. */
export const keepFilesPrivate = (): void => void process.umask(0o077);
