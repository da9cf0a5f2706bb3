import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { inUtilityProcess, openShellLink } from './embedded-link.ts';
import type { ToShell } from './embedded-messages.ts';
import { shellChildRunner } from './shell-child-runner.ts';

const start = {
  type: 'start',
  dataDir: '/d',
  demo: true,
  port: 0,
  launchToken: 'x'.repeat(43),
  dist: '/dist',
};

function utilityHost() {
  const port = Object.assign(new EventEmitter(), {
    sent: [] as unknown[],
    postMessage: (m: unknown) => void port.sent.push(m),
  });
  return { port, host: { parentPort: port } as unknown as NodeJS.Process };
}

test('messages of the shell are parsed; what has no known shape is reported and dropped', () => {
  const { port, host } = utilityHost();
  expect(inUtilityProcess(host)).toBe(true);
  const got: unknown[] = [];
  const bad: string[] = [];
  const link = openShellLink(host);
  link.listen(
    (message) => got.push(message),
    (why) => bad.push(why),
  );
  port.emit('message', { data: start });
  port.emit('message', { data: { ...start, launchToken: 'short' } });
  port.emit('message', { data: { ...start, run: 'rm' } });
  port.emit('message', { data: 'stop' });
  port.emit('message', { data: { type: 'stop' } });
  expect(got).toEqual([start, { type: 'stop' }]);
  expect(bad).toHaveLength(3);
  expect(bad[0]).toContain('launchToken');
  link.post({ type: 'child-kill', id: 1 });
  expect(port.sent).toEqual([{ type: 'child-kill', id: 1 }]);
});

test("under Node the link is Node's own, and its end is noticed", async () => {
  const sent: unknown[] = [];
  const host = Object.assign(new EventEmitter(), { connected: true, send: (m: unknown) => sent.push(m) });
  const process = host as unknown as NodeJS.Process;
  expect(inUtilityProcess(process)).toBe(false);
  const link = openShellLink(process);
  link.post({ type: 'ready', httpUrl: 'http://127.0.0.1:1', mqttUrl: null });
  host.connected = false;
  link.post({ type: 'child-kill', id: 1 });
  expect(sent).toEqual([{ type: 'ready', httpUrl: 'http://127.0.0.1:1', mqttUrl: null }]);
  host.emit('disconnect');
  await link.gone;
  expect(() => openShellLink(process)).toThrow(/kalancha hub/);
});

test('children of the shell: lines and ends go to the one they are of', async () => {
  const posted: ToShell[] = [];
  const runner = shellChildRunner((message) => posted.push(message));
  const first = runner.spawn('/dist/a.js', ['--x']);
  const second = runner.spawn('/dist/b.js', []);
  const lines: string[] = [];
  first.onLine((line) => lines.push(`first ${line}`));
  second.onLine((line) => lines.push(`second ${line}`));
  runner.receive({ type: 'child-line', id: 2, line: 'hello' });
  runner.receive({ type: 'child-line', id: 9, line: 'nobody' });
  first.write('go');
  runner.receive({ type: 'child-exit', id: 1, code: 3 });
  expect(await first.exited).toBe(3);
  first.write('too late');
  first.kill();
  second.kill();
  runner.receive({ type: 'child-exit', id: 2, code: null });
  expect(await second.exited).toBeNull();
  expect(lines).toEqual(['second hello']);
  expect(posted).toEqual([
    { type: 'spawn', id: 1, script: '/dist/a.js', args: ['--x'] },
    { type: 'spawn', id: 2, script: '/dist/b.js', args: [] },
    { type: 'child-write', id: 1, line: 'go' },
    { type: 'child-kill', id: 2 },
  ]);
});
