import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import ffmpeg from 'fluent-ffmpeg';

type Ended = (error: Error | null | undefined, stdout?: Ring, stderr?: Ring) => void;
type Started = (child: ChildProcess, stdout: Ring, stderr: Ring) => void;
interface Ring {
  get(): string;
}
/** The inside of fluent-ffmpeg 2.1.3 that has to be put right. */
interface Spawner {
  _spawnFfmpeg(args: string[], options: object, started: Started | Ended, ended?: Ended): void;
}

/** From util-linux: has the kernel end a program the moment its parent is gone, however that went. */
const SETPRIV = '/usr/bin/setpriv';

const nothingSaid: Ring = { get: () => '' };

/**
 * A fluent-ffmpeg command that tells when a process cannot be started. As it comes, a failed spawn (no ffmpeg, no
 * free process or file handle) throws inside an event of Node's, which would end the whole hub.
 * `onProcess` is handed the process the moment it exists. Where the system can (Linux), ffmpeg is killed with the
 * hub; elsewhere its broken pipe and its network time-out end it. `outputs` stand in for what Node would make of
 * `pipe:1`, `pipe:3` and those that follow; whoever gives them reads them.
 */
export function ffmpegCommand(
  ffmpegPath: string,
  options: ffmpeg.FfmpegCommandOptions,
  onProcess: (child: ChildProcess) => void = () => undefined,
  outputs: readonly (Socket | 'pipe')[] = [],
): ffmpeg.FfmpegCommand {
  const command = ffmpeg(options);
  const guarded = process.platform === 'linux' && existsSync(SETPRIV);
  command.setFfmpegPath(guarded ? SETPRIV : ffmpegPath);
  const prefix = guarded ? ['--pdeathsig', 'KILL', '--', ffmpegPath] : [];
  const [stdout, ...others] = outputs;
  const stdio = ['pipe', stdout ?? 'pipe', 'pipe', ...others];
  const inside = command as unknown as Spawner;
  const spawn = inside._spawnFfmpeg.bind(command);
  inside._spawnFfmpeg = (args, spawnOptions, started, ended) => {
    if (!ended) {
      spawn([...prefix, ...args], spawnOptions, started);
      return;
    }
    spawn(
      [...prefix, ...args],
      { ...spawnOptions, stdio, ...(stdout ? { captureStdout: false } : {}) },
      (child: ChildProcess, stdout: Ring, stderr: Ring) => {
        onProcess(child);
        (started as Started)(child, stdout, stderr);
      },
      (error, stdout = nothingSaid, stderr = nothingSaid) => ended(error, stdout, stderr),
    );
  };
  return command;
}
