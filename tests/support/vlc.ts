import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

/** Debian's `nobody`: VLC refuses to run as root. */
const NOBODY = '65534';

async function withVlc(args: (folder: string) => string[], prepare?: (folder: string) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), 'kalancha-vlc-'));
  await chmod(folder, 0o777);
  await prepare?.(folder);
  const child = spawn(
    'setpriv',
    [
      ...[`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'],
      ...['cvlc', '--intf', 'dummy', '--no-audio', ...args(folder)],
    ],
    { stdio: 'ignore', env: { PATH: process.env.PATH, HOME: folder } },
  );
  const exited = once(child, 'exit');
  return {
    folder,
    child,
    exited,
    async end(): Promise<void> {
      if (running(child)) child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const running = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

/** VLC as an RTSP server: it answers 461 to whoever asks for TCP. */
export async function startVlcServer(file: string): Promise<{ url: string; end(): Promise<void> }> {
  const port = await freePort();
  const url = `rtsp://127.0.0.1:${port}/street`;
  const vlc = await withVlc(
    (folder) => [
      ...['--loop', join(folder, 'street.mp4')],
      ...['--sout', `#rtp{sdp=${url},proto=udp}`, '--sout-keep', '--rtsp-host', '127.0.0.1'],
    ],
    async (folder) => {
      await copyFile(file, join(folder, 'street.mp4'));
      await chmod(join(folder, 'street.mp4'), 0o644);
    },
  );
  return { url, end: vlc.end };
}

/** Has VLC play an address for some seconds into a file. @returns the file, good until `end` */
export async function playByVlc(
  url: string,
  seconds: number,
): Promise<{ file: string; end(): Promise<void> }> {
  const vlc = await withVlc((folder) => [
    ...[url, '--run-time', String(seconds), '--play-and-exit', 'vlc://quit'],
    ...['--sout', `#std{access=file,mux=ts,dst=${join(folder, 'played.ts')}}`],
  ]);
  const limit = setTimeout(() => vlc.child.kill('SIGKILL'), (seconds + 60) * 1_000);
  await vlc.exited;
  clearTimeout(limit);
  return { file: join(vlc.folder, 'played.ts'), end: vlc.end };
}
