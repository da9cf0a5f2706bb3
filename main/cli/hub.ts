import { nodeChildRunner } from '../base/child-runner.ts';
import { systemClock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { createLogger, type Logger } from '../base/logging.ts';
import { keepFilesPrivate } from '../base/private-files.ts';
import { type ConfigOverrides, type HubConfig, loadConfig } from '../config.ts';
import { startHub } from '../hub.ts';

/** Longest that a stop may take before the process ends all the same; children end with their pipes. */
const STOP_LIMIT_MS = 4_500;

/**
 * `kalancha hub`: runs until a signal, or until its launcher is gone. Resolves to the exit code.
 * @throws AppError from the settings or from starting
 */
export async function hubCommand(overrides: ConfigOverrides, dist: string): Promise<number> {
  keepFilesPrivate();
  const config = loadConfig(overrides, process.env);
  const log = createLogger(config.log.level);
  const asked = new Promise<string>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolve(signal));
    if (process.env.KALANCHA_LAUNCHER === '1') process.once('disconnect', () => resolve('launcher gone'));
  });
  try {
    return await runUntil(asked, config, dist, log);
  } finally {
    // An open channel to the launcher would keep a hub that could not start from ending.
    if (process.connected) process.disconnect();
  }
}

async function runUntil(
  asked: Promise<string>,
  config: HubConfig,
  dist: string,
  log: Logger,
): Promise<number> {
  const hub = await startHub(config, { log, clock: systemClock, childRunner: nodeChildRunner(), dist });
  if (hub.firstPassword) {
    const { login, password, file } = hub.firstPassword;
    console.error(
      process.stderr.isTTY
        ? `First start: sign in as ${login} with the password ${password} (also in ${file}, which only you can read; delete it when you have changed the password).`
        : `First start: sign in as ${login} with the password in ${file}, which only its owner can read.`,
    );
  }
  console.log(`hub ready ${hub.httpUrl} ${hub.mqttUrl}`);
  if (config.demoMode) console.error(`Demonstration city: open ${hub.httpUrl} and choose an account.`);

  const reason = await asked;
  log.info({ reason }, 'stopping');
  const limit = setTimeout(() => {
    log.error('stopping took too long; ending now');
    process.exit(1);
  }, STOP_LIMIT_MS);
  try {
    await hub.stop();
    return 0;
  } catch (error) {
    log.error({ err: messageOf(error) }, 'not everything stopped cleanly');
    return 1;
  } finally {
    clearTimeout(limit);
  }
}
