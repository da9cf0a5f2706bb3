import { isAbsolute, join, resolve } from 'node:path';

/** What the program was started with, read once. */
export interface ShellOptions {
  /** Folder with everything the hub keeps. */
  dataDir: string;
  demo: boolean;
  /** Settings file of the hub. */
  configFile: string | undefined;
  /** A Node that runs the hub in place of Electron's utility process; for development only. */
  hubNode: string | undefined;
  /** Another build of better-sqlite3's addon; for development only. */
  nativeBinding: string | undefined;
}

export interface Host {
  argv: readonly string[];
  environment: Readonly<Record<string, string | undefined>>;
  userData: string;
  /** A packaged program takes no orders about what code it runs. */
  packaged: boolean;
}

/** Reads `--demo`, `--config=FILE` and the environment. Switches of Chromium stand among the arguments and are left to it. */
export function readOptions({ argv, environment, userData, packaged }: Host): ShellOptions {
  const configFile = argv.find((argument) => argument.startsWith('--config='))?.slice('--config='.length);
  const dataDir = environment.KALANCHA_DATA;
  const path = (value: string | undefined): string | undefined => {
    if (!value) return undefined;
    return isAbsolute(value) ? value : resolve(value);
  };
  return {
    dataDir: path(dataDir) ?? join(userData, 'hub'),
    demo: argv.includes('--demo'),
    configFile: path(configFile),
    hubNode: packaged ? undefined : path(environment.KALANCHA_HUB_NODE),
    nativeBinding: packaged ? undefined : path(environment.KALANCHA_SQLITE_BINDING),
  };
}
