import type { RawData, WebSocket } from 'ws';
import type { Api } from './server.ts';
import type { TileServices } from './tile.ts';
import { createTileClient, type TileClient, type TilePort } from './tile-client.ts';

const TICK_MS = 1_000;
const CONNECTIONS_A_PERSON = 20;
const CLOSE_GOING_AWAY = 1001;
const CLOSE_TRY_LATER = 1013;

export interface TileSocket {
  /** Registers `/api/tiles`. */
  route(app: Api): void;
  connections(): number;
  /** Open tiles of all connections. */
  tiles(): number;
  stop(): void;
}

/** Live pictures for consoles: one connection each, however many tiles (`contract/tile-wire.ts`). */
export function createTileSocket(services: TileServices): TileSocket {
  const clients = new Map<TileClient, WebSocket>();
  const timer = setInterval(() => {
    for (const client of clients.keys()) client.tick();
  }, TICK_MS);

  return {
    connections: () => clients.size,
    tiles: () => [...clients.keys()].reduce((sum, client) => sum + client.tiles(), 0),
    route(app) {
      app.get('/api/tiles', { websocket: true, config: { access: 'signed-in' } }, (socket, request) => {
        const { viewer } = request;
        let open = 0;
        for (const client of clients.keys()) if (client.viewer.personId === viewer.personId) open += 1;
        if (open >= CONNECTIONS_A_PERSON) {
          socket.close(CLOSE_TRY_LATER, 'too many connections');
          return;
        }
        const client = createTileClient(portOf(socket), viewer, services);
        clients.set(client, socket);
        socket.on('pong', () => client.pong());
        socket.on('message', (data) => client.message(bytesOf(data)));
        socket.on('close', () => {
          clients.delete(client);
          client.closed();
        });
      });
    },
    stop() {
      clearInterval(timer);
      for (const [client, socket] of clients) {
        client.closed();
        socket.close(CLOSE_GOING_AWAY, 'the hub is stopping');
      }
      clients.clear();
    },
  };
}

const portOf = (socket: WebSocket): TilePort => ({
  get bufferedAmount() {
    return socket.bufferedAmount;
  },
  get open() {
    return socket.readyState === socket.OPEN;
  },
  sendText: (text) => socket.send(text),
  // Two frames of one message: the payload is shared by all who watch, and not copied for each.
  sendBytes(header, payload) {
    socket.send(header, { binary: true, fin: false });
    socket.send(payload, { binary: true, fin: true });
  },
  ping: () => socket.ping(),
  close: (code, reason) => socket.close(code, reason),
  terminate: () => socket.terminate(),
});

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? Buffer.from(data) : data;
}
