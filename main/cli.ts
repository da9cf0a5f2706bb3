import './base/thread-pool.ts';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { AppError, messageOf } from './base/errors.ts';
import { hubCommand } from './cli/hub.ts';
import { verifyAuditCommand } from './cli/verify-audit.ts';
import { verifyExportCommand } from './cli/verify-export.ts';
import { version } from './version.ts';

const HELP = `kalancha ${version}

  kalancha hub --data DIR [--port N] [--mqtt-port N] [--demo] [--config FILE]
      Runs the hub without a window. Port 0 picks a free one. Prints one line when it is ready:
      hub ready http://127.0.0.1:PORT mqtt://127.0.0.1:PORT
  kalancha verify-audit --data DIR
      Checks the chain of the audit log and its signed checkpoints.
  kalancha verify-export FILE [--key PUBLIC.pem | --fingerprint HEX]
      Checks an export (its ZIP, its manifest or one of its files) or a saved snapshot. Needs no hub: only the
      hub's public key or its fingerprint, had by another way than the file itself.
  kalancha --version | --help`;

/** @throws AppError `usage` */
function portOf(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw usage(`--${option} takes a port from 0 to 65535, not "${text}".`);
  return port;
}

const usage = (sentence: string) => new AppError('usage', 400, `${sentence}\n\n${HELP}`);

async function main(args: string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    throw usage(messageOf(error));
  }
  const { values, positionals } = parsed;
  if (values.version) {
    console.log(version);
    return 0;
  }
  if (values.help || positionals.length === 0) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  const [command, ...rest] = positionals;
  if (command === 'verify-export') {
    const [file, ...more] = rest;
    if (file === undefined || more.length > 0) throw usage('Say which one file to verify.');
    return verifyExportCommand({ file, keyFile: values.key, fingerprint: values.fingerprint });
  }
  if (rest.length > 0) throw usage(`"${rest[0]}" is not understood.`);
  if (command !== 'hub' && command !== 'verify-audit') throw usage(`There is no command "${command}".`);
  if (values.data === undefined) throw usage('Say with --data DIR where everything is kept.');
  if (command === 'verify-audit') return verifyAuditCommand(values.data);
  // Built: dist/main/cli.js beside dist/renderer. From sources: main/cli.ts beside dist/.
  const here = dirname(fileURLToPath(import.meta.url));
  const dist = here.endsWith(join('dist', 'main')) ? dirname(here) : join(dirname(here), 'dist');
  return hubCommand(
    {
      dataDir: values.data,
      configFile: values.config,
      port: portOf(values.port, 'port'),
      mqttPort: portOf(values['mqtt-port'], 'mqtt-port'),
      demo: values.demo,
    },
    dist,
  );
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      port: { type: 'string' },
      'mqtt-port': { type: 'string' },
      config: { type: 'string' },
      key: { type: 'string' },
      fingerprint: { type: 'string' },
      demo: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      version: { type: 'boolean', default: false },
    },
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof AppError ? error.message : error);
  process.exitCode = error instanceof AppError && error.code === 'usage' ? 2 : 1;
}
