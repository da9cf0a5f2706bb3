import type { ChildProcess } from 'node:child_process';
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

const nothingSaid: Ring = { get: () => '' };

/**
 * A fluent-ffmpeg command that tells when a process cannot be started. As it comes, a failed spawn (no ffmpeg, no
 * free process or file handle) throws inside an event of Node's, which would end the whole hub.
 * `onProcess` is handed the process the moment it exists.
 */
export function ffmpegCommand(
  ffmpegPath: string,
  options: ffmpeg.FfmpegCommandOptions,
  onProcess: (child: ChildProcess) => void = () => undefined,
): ffmpeg.FfmpegCommand {
  const command = ffmpeg(options);
  command.setFfmpegPath(ffmpegPath);
  const inside = command as unknown as Spawner;
  const spawn = inside._spawnFfmpeg.bind(command);
  inside._spawnFfmpeg = (args, spawnOptions, started, ended) => {
    if (!ended) {
      spawn(args, spawnOptions, started);
      return;
    }
    spawn(
      args,
      spawnOptions,
      (child: ChildProcess, stdout: Ring, stderr: Ring) => {
        onProcess(child);
        (started as Started)(child, stdout, stderr);
      },
      (error, stdout = nothingSaid, stderr = nothingSaid) => ended(error, stdout, stderr),
    );
  };
  return command;
}
