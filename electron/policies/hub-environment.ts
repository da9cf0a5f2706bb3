/** What programs need to find their files, their language and their time zone. */
const PASSED: ReadonlySet<string> = new Set([
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LANGUAGE',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SYSTEMROOT',
  'SYSTEMDRIVE',
  'WINDIR',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'PATHEXT',
  'COMSPEC',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
]);

/** Variables of the shell, the launcher and the tests, which are no settings of the hub. */
const OF_THE_SHELL: ReadonlySet<string> = new Set([
  'KALANCHA_DATA',
  'KALANCHA_HUB_NODE',
  'KALANCHA_SQLITE_BINDING',
  'KALANCHA_LAUNCHER',
  'KALANCHA_PARENT',
  'KALANCHA_CHROMIUM',
  'KALANCHA_TEST_ELECTRON',
]);

/**
 * The environment of the hub: by allow-list, so that nothing meant for Electron, Node or the dynamic linker
 * (NODE_OPTIONS, ELECTRON_RUN_AS_NODE, LD_PRELOAD …) and no stranger's secret reaches it. Its own settings do, and
 * a misspelled one too, so that the hub can say so.
 */
export function hubEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue;
    // Windows spells them as it likes.
    const upper = name.toUpperCase();
    if (PASSED.has(upper) || (upper.startsWith('KALANCHA_') && !OF_THE_SHELL.has(upper)))
      passed[name] = value;
  }
  return passed;
}
