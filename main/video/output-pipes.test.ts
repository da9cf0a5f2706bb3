import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createOutputPipes, type OutputPipe, type OutputPipes } from './output-pipes.ts';

let pipes: OutputPipes;
beforeEach(() => {
  pipes = createOutputPipes();
});
afterEach(async () => {
  vi.useRealTimers();
  await pipes.stop();
});

/** A child that writes so many numbers, then waits for a line before each further one. */
const PROGRAM = `
  const [count] = process.argv.slice(1).map(Number);
  for (let i = 0; i < count; i++) process.stdout.write(i + '\\n');
  let i = count;
  process.stdin.on('data', () => process.stdout.write(i++ + '\\n'));
`;
const numbers = (count: number) => [...Array(count).keys()].join('\n').concat('\n');

async function start(count: number) {
  let heard = '';
  let tell: () => void = () => undefined;
  const pipe = await pipes.open((chunk) => {
    heard += chunk.toString('latin1');
    tell();
  });
  const child = spawn(process.execPath, ['-e', PROGRAM, String(count)], {
    stdio: ['pipe', pipe.stdio, 'inherit'],
  });
  pipe.handedOver(child, 1);
  return {
    pipe,
    child,
    heard: () => heard,
    until: (text: string) =>
      new Promise<void>((resolve) => {
        tell = () => heard === text && resolve();
        tell();
      }),
  };
}

async function end({ child, pipe }: { child: ChildProcess; pipe: OutputPipe }): Promise<void> {
  child.stdin?.end();
  await once(child, 'exit');
  pipe.eager(true);
  await pipe.ended;
}

test.each([true, false])(
  'all that children write comes, in order, each its own (eager: %s)',
  async (eager) => {
    // More than a pipe holds: whoever is not read stands still, and loses nothing.
    const counts = [30_000, 3, 20_000];
    const children = await Promise.all(counts.map(start));
    for (const { pipe } of children) pipe.eager(eager);
    await Promise.all(children.map(({ until }, at) => until(numbers(counts[at] ?? 0))));
    for (const one of children) {
      one.child.stdin?.write('more\n');
      await one.until(`${one.heard()}${one.heard().split('\n').length - 1}\n`);
      await end(one);
    }
  },
);

test('what a child wrote last is handed on after its end, though nobody was reading', async () => {
  const one = await start(20_000);
  one.pipe.eager(false);
  await end(one);
  expect(one.heard()).toBe(numbers(20_000));
});

test.runIf(process.platform === 'linux')(
  'whoever begins to wait finds all that has come, not what the last look found',
  async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    const one = await start(1);
    one.pipe.eager(false);
    await one.until(numbers(1));
    one.child.stdin?.end('more\n');
    await once(one.child, 'exit');
    expect(one.heard()).toBe(numbers(1));
    one.pipe.eager(true);
    expect(one.heard()).toBe(numbers(2));
    await one.pipe.ended;
  },
);

test.runIf(process.platform === 'linux')(
  'who begins to wait while another pipe is being handed on gets his own bytes, and leaves the other’s alone',
  async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    const one = await start(1);
    one.pipe.eager(false);
    await one.until(numbers(1));
    one.child.stdin?.end('more\n');
    await once(one.child, 'exit');
    let seen = '';
    const asking = await pipes.open((chunk) => {
      one.pipe.eager(true);
      seen += chunk.toString('latin1');
    });
    const child = spawn(process.execPath, ['-e', PROGRAM, '5'], { stdio: ['pipe', asking.stdio, 'inherit'] });
    asking.handedOver(child, 1);
    await end({ child, pipe: asking });
    await one.pipe.ended;
    expect(seen).toBe(numbers(5));
    expect(one.heard()).toBe(numbers(2));
  },
);

test.runIf(process.platform === 'linux')('a stranger who finds the listener is given nothing', async () => {
  const one = await start(1);
  await one.until(numbers(1));
  const [name] = readFileSync('/proc/net/unix', 'latin1').match(/@kalancha-[0-9a-f]{32}/g) ?? [];
  expect(name).toBeDefined();
  const stranger = connect({ path: `\0${name?.slice(1)}` });
  stranger.write(Buffer.alloc(32));
  let given = 0;
  stranger.on('data', (bytes: Buffer) => {
    given += bytes.length;
  });
  await once(stranger, 'close');
  expect(given).toBe(0);
  one.child.stdin?.write('more\n');
  await one.until(numbers(2));
  await end(one);
});
