import { once } from 'node:events';
import { createServer } from 'node:http';
import type { MediaBytes } from '../../main/video/types.ts';
import type { VideoBench } from './video-bench.ts';

/** Serves one camera's playlists and media as the hub does, without its door: for players that sign in nowhere. */
export async function servePlaylists({ video, archive }: VideoBench, cameraId: string) {
  async function answer(path: string, query: URLSearchParams): Promise<MediaBytes | string | undefined> {
    const never = new AbortController().signal;
    const [, kind, name] = /^\/(?:(init|part|segment)\/)?([\w.-]+)$/.exec(path) ?? [];
    if (name === undefined) return undefined;
    if (kind === 'init') return video.init(cameraId, name);
    if (kind === 'part') return video.part(cameraId, name, never);
    if (kind === 'segment') return video.segment(cameraId, name);
    if (name === 'live-main.m3u8') {
      const [msn, part] = [query.get('_HLS_msn'), query.get('_HLS_part')];
      const ask = {
        ...(msn === null ? {} : { msn: Number(msn) }),
        ...(part === null ? {} : { part: Number(part) }),
        skip: query.has('_HLS_skip'),
      };
      return video.livePlaylist(cameraId, 'main', ask, never);
    }
    if (name === 'archive-main.m3u8')
      return archive.playlist(cameraId, 'main', Number(query.get('from')), Number(query.get('to')));
    return undefined;
  }

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    answer(pathname, searchParams).then(
      (found) => {
        if (found === undefined) response.writeHead(404).end();
        else if (typeof found === 'string')
          response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' }).end(found);
        else response.writeHead(200, { 'content-type': found.contentType }).end(found.bytes);
      },
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
