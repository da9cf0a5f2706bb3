// `npm test`: sets up all it needs, then proves everything. Stops at the first stage that fails.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { prepareTestElectron } from './electron-for-tests.mjs';
import { asProgram, projectNode, projectPath, root, run, Sentence } from './lib/run.mjs';
import { setup } from './setup.mjs';

const results = join(root, 'test-results');
const tool = (name, path) => [projectNode, join(root, 'node_modules', name, path)];
const total = { passed: 0, failed: 0, skipped: 0, flaky: 0 };
/** Browser tests that may need a second try before the run fails: more is not noise of the machine. */
const flakyAtMost = 2;

async function stage(name, program, args, options = {}) {
  const started = Date.now();
  console.log(`\n── ${name}`);
  const code = await run(program, args, options);
  console.log(
    `── ${name}: ${code === 0 ? 'ok' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(0)} s`,
  );
  if (code !== 0) throw new Sentence(`${name} failed.`);
}

function report(file) {
  const path = join(results, file);
  if (!existsSync(path)) throw new Sentence(`${file} was not written: no test ran.`);
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Counts what ran; a test that was skipped, or none at all, is a failure. */
function count(name, { passed, failed, skipped }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  if (skipped > 0) throw new Sentence(`${name}: ${skipped} tests were skipped; every test must run.`);
  if (passed === 0) throw new Sentence(`${name}: no test ran.`);
}

async function vitest(project, env) {
  const [program, script] = tool('vitest', 'vitest.mjs');
  const file = `${project}.json`;
  await stage(
    `${project} tests`,
    program,
    [
      script,
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${join(results, file)}`,
    ],
    { env },
  );
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = report(file);
  count(project, { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests });
}

async function playwright(project, env, display) {
  const [program, script] = tool('@playwright/test', 'cli.js');
  const file = join(results, `${project}.json`);
  const args = [script, 'test', '--project', project, '--reporter=list,json'];
  const [command, all] = display
    ? ['xvfb-run', ['-a', '-s', '-screen 0 1440x900x24', program, ...args]]
    : [program, args];
  await stage(`${project} end to end`, command, all, { env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: file } });
  const { stats } = report(`${project}.json`);
  if (stats.flaky > flakyAtMost)
    throw new Sentence(`${project}: ${stats.flaky} tests passed only when tried again.`);
  total.flaky += stats.flaky;
  count(project, {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
  });
}

await asProgram(async () => {
  setup('test');
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const electron = await prepareTestElectron();
  const env = { ...process.env, PATH: projectPath(), KALANCHA_TEST_ELECTRON: electron };

  await stage(
    'format and lint',
    ...split(tool('@biomejs/biome', 'bin/biome'), ['check', '--error-on-warnings', '.']),
    { env },
  );
  for (const project of ['.', 'renderer'])
    await stage(`types of ${project}`, ...split(tool('tsc7', 'bin/tsc'), ['-p', project]), { env });
  await stage(
    'dependency rule',
    ...split(tool('dependency-cruiser', 'bin/dependency-cruiser.mjs'), [
      '--config',
      '.dependency-cruiser.cjs',
      'main',
      'renderer',
      'electron',
      'native-bridge',
      'fixtures',
    ]),
    { env },
  );
  await build();
  await vitest('unit', env);
  await vitest('integration', env);
  await playwright('browser', env, false);
  await playwright('electron', env, true);
  if (total.flaky > 0) console.log(`\n${total.flaky} of the browser tests passed only when tried again.`);
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
});

function split([program, script], args) {
  return [program, [script, ...args]];
}
