import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';

export interface Mount {
  path: string;
  /** `ts` is H.264 in an MPEG transport stream, whose parameter sets are sent before each keyframe. */
  kind?: 'h264' | 'ts' | 'h265' | 'h264+aac' | 'h264+alaw' | 'sound';
  file?: string;
  /** Which lower transports SETUP accepts; others get 461. */
  transport?: 'any' | 'tcp' | 'udp';
}

export interface RtspServerOptions {
  mounts: Mount[];
  /** Absent is any free one; a server that ended can be started on its port again. */
  port?: number;
  user?: string;
  password?: string;
}

export interface RtspServer {
  port: number;
  url(path: string): string;
  /** Stops answering without closing anything, as a camera that hangs does; goes on when thawed. */
  freeze(): void;
  thaw(): void;
  /** Ends it at once, as a power cut does. */
  kill(): Promise<void>;
}

/** Starts GStreamer's RTSP server; every client gets the file from its first frame. */
export async function startRtspServer(options: RtspServerOptions): Promise<RtspServer> {
  const script = fileURLToPath(new URL('./rtsp-server.py', import.meta.url));
  const wanted = options.port ?? (await freePort());
  const server: ChildProcess = spawn(
    '/usr/bin/python3',
    [script, JSON.stringify({ ...options, port: wanted })],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const exited = once(server, 'exit');
  if (!server.stdout) throw new Error('the RTSP server has no output');
  const lines = createInterface({ input: server.stdout });
  const first = await Promise.race([once(lines, 'line'), exited.then(() => undefined)]);
  if (!first) throw new Error('the RTSP server did not start');
  const { port } = JSON.parse(String(first[0])) as { port: number };
  return {
    port,
    url: (path) => `rtsp://127.0.0.1:${port}${path}`,
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    async kill() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      server.kill('SIGKILL');
      await exited;
    },
  };
}
