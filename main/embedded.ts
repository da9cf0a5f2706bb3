/** The hub inside the desktop program: the same hub, told what to do by messages instead of a command line. */
import './base/thread-pool.ts';
import { nodeChildRunner } from './base/child-runner.ts';
import { systemClock } from './base/clock.ts';
import { AppError, messageOf } from './base/errors.ts';
import { createLogger } from './base/logging.ts';
import { keepFilesPrivate } from './base/private-files.ts';
import { loadConfig } from './config.ts';
import { inUtilityProcess, openShellLink } from './embedded-link.ts';
import type { FromShell, StartMessage } from './embedded-messages.ts';
import { portIfFree } from './free-port.ts';
import { type RunningHub, startHub } from './hub.ts';
import { shellChildRunner } from './shell-child-runner.ts';

/** Longest that a stop may take before the process ends all the same; children end with their pipes. */
const STOP_LIMIT_MS = 4_500;

keepFilesPrivate();
const link = openShellLink(process);
const log = createLogger('info');
const shellRunner = shellChildRunner((message) => link.post(message));
let hub: Promise<RunningHub | undefined> | undefined;
let stopping = false;

link.listen(onMessage, (why) => log.error({ why }, 'the shell sent a message of no known shape'));
void link.gone.then(() => stop('the shell is gone'));

function onMessage(message: FromShell): void {
  if (message.type === 'start') hub ??= start(message);
  else if (message.type === 'stop') void stop('the shell asked');
  else shellRunner.receive(message);
}

/** Resolves to undefined when the hub could not start; the shell is told why and says what happens next. */
async function start(message: StartMessage): Promise<RunningHub | undefined> {
  try {
    const config = loadConfig(
      {
        dataDir: message.dataDir,
        configFile: message.configFile,
        port: await portIfFree(message.port),
        // The demonstration's own fleet is told the port; real devices need the one that was configured.
        mqttPort: message.demo ? 0 : undefined,
        demo: message.demo,
        launchToken: message.launchToken,
      },
      process.env,
    );
    log.level = config.log.level;
    const started = await startHub(config, {
      log,
      clock: systemClock,
      childRunner: inUtilityProcess(process) ? shellRunner : nodeChildRunner(),
      dist: message.dist,
      nativeBinding: message.nativeBinding,
    });
    const { httpUrl, mqttUrl, firstPassword } = started;
    const firstLogin = firstPassword && { login: firstPassword.login, file: firstPassword.file };
    link.post({ type: 'ready', httpUrl, mqttUrl, ...(firstLogin ? { firstLogin } : {}) });
    return started;
  } catch (error) {
    const code = error instanceof AppError ? error.code : 'internal';
    log.error(
      error instanceof AppError ? { code, why: error.message } : { err: error },
      'the hub did not start',
    );
    link.post({ type: 'failed', code, message: messageOf(error) });
    return undefined;
  }
}

/** Ends the process: with 0 when all that was started is stopped. */
async function stop(reason: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info({ reason }, 'stopping');
  const limit = setTimeout(() => {
    log.error('stopping took too long; ending now');
    process.exit(1);
  }, STOP_LIMIT_MS);
  let code = 0;
  try {
    await (await hub)?.stop();
  } catch (error) {
    log.error({ err: error }, 'not everything stopped cleanly');
    code = 1;
  }
  clearTimeout(limit);
  process.exit(code);
}
