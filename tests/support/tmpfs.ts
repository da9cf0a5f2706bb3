import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Mounts an empty disk of `size` (`2m`) at a folder that is there. */
export async function mountTmpfs(folder: string, size: string): Promise<void> {
  await run('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]).catch(refused);
}

/** Takes what is mounted away at once, though files on it may be open, as a pulled cable does. */
export async function unmount(folder: string): Promise<void> {
  await run('umount', ['-l', folder]).catch(refused);
}

/** Shows what is mounted at one folder at another one too. */
export async function bindMount(from: string, to: string): Promise<void> {
  await run('mount', ['--bind', from, to]).catch(refused);
}

function refused(error: unknown): never {
  throw new Error(
    'This test mounts small disks of its own: run it as root, in a container with --cap-add SYS_ADMIN.',
    { cause: error },
  );
}
