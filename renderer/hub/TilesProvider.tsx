import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { Socket, SocketHandlers } from './events.ts';
import { createTileConnection, type TileConnection } from './tile-connection.ts';

const TilesContext = createContext<TileConnection | null>(null);

function connectTiles({ opened, closed, message }: SocketHandlers): Socket {
  const url = new URL('/api/tiles', window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  const silence = new AbortController();
  const { signal } = silence;
  socket.addEventListener('open', opened, { signal });
  socket.addEventListener('close', closed, { signal });
  socket.addEventListener('error', closed, { signal });
  socket.addEventListener('message', (event) => message(event.data), { signal });
  return {
    send: (text) => socket.send(text),
    close: () => {
      silence.abort();
      socket.close();
    },
  };
}

/** Live pictures for everything inside. The connection is made when the first tile asks. */
export function TilesProvider({ children }: { children: ReactNode }) {
  const [connection, setConnection] = useState<TileConnection | null>(null);
  useEffect(() => {
    const made = createTileConnection({
      connect: connectTiles,
      now: () => performance.now(),
      later: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
      random: Math.random,
    });
    setConnection(made);
    return () => {
      made.stop();
      setConnection(null);
    };
  }, []);
  return connection ? <TilesContext value={connection}>{children}</TilesContext> : null;
}

export function useTiles(): TileConnection {
  const connection = useContext(TilesContext);
  if (!connection) throw new Error('live tiles are for signed-in screens');
  return connection;
}
