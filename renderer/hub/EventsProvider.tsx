import { useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { EventsMessage } from '../../main/contract/events.ts';
import type { HealthStatus } from '../../main/contract/health.ts';
import {
  createEventsLink,
  type EventsLink,
  type LinkState,
  type Socket,
  type SocketHandlers,
} from './events.ts';
import { monitoringKey } from './monitoring.ts';
import { createRefetch, type Refetch } from './refetch.ts';
import { useSessionControl } from './session.tsx';
import { createStatusStore, type StatusStore } from './statuses.ts';

/** However fast a run of commands goes on, it is fetched no oftener than this, ms. */
const COMMANDS_PAUSE_MS = 600;

interface EventsServices {
  link: EventsLink;
  statuses: StatusStore;
  refetch: Refetch;
}

const EventsContext = createContext<EventsServices | null>(null);

function connectSocket({ opened, closed, message }: SocketHandlers): Socket {
  const url = new URL('/api/events', window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
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

function startLink(): EventsLink {
  return createEventsLink({
    connect: connectSocket,
    now: () => performance.now(),
    later: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    random: Math.random,
  });
}

/** Keeps what is shown in step with the hub while somebody is signed in. */
export function EventsProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const control = useSessionControl();
  const [services, setServices] = useState<EventsServices | null>(null);

  useEffect(() => {
    const link = startLink();
    const statuses = createStatusStore();
    const refetch = createRefetch(client);
    // What is fetched before the stream's first word could miss a change, so screens wait for it, briefly.
    let shown = false;
    const show = () => {
      shown = true;
      clearTimeout(patience);
      setServices({ link, statuses, refetch });
    };
    const patience = setTimeout(show, 1500);
    link.on((message) => {
      switch (message.type) {
        case 'status':
          statuses.apply(message.changes);
          break;
        case 'reset':
          statuses.clear();
          if (shown)
            void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
          break;
        case 'devices':
          refetch(['devices']);
          refetch(['device']);
          break;
        case 'health':
          refetch(['device', message.deviceId]);
          break;
        case 'rights':
          control.refresh();
          void client.invalidateQueries();
          break;
        case 'session-ended':
          control.ended(message.reason);
          break;
        case 'monitoring':
          client.setQueryData(monitoringKey, message.monitoring);
          break;
        case 'job':
          refetch(['job', message.jobId]);
          break;
        case 'walls':
          refetch(['walls']);
          break;
        case 'incidents':
          refetch(['incidents']);
          break;
        case 'command':
          refetch(['commands'], COMMANDS_PAUSE_MS);
          break;
      }
      if (!shown) show();
    });
    const wake = () => link.retryNow();
    window.addEventListener('online', wake);
    return () => {
      clearTimeout(patience);
      window.removeEventListener('online', wake);
      link.stop();
      setServices(null);
    };
  }, [client, control]);

  return services ? <EventsContext value={services}>{children}</EventsContext> : null;
}

function useServices(): EventsServices {
  const services = useContext(EventsContext);
  if (!services) throw new Error('events are for signed-in screens');
  return services;
}

/** Statuses by device number, as heard over the event socket. */
export function useStatuses(): StatusStore {
  return useServices().statuses;
}

/** Calls `handler` for every message of the type while the component is shown. */
export function useEvent<T extends EventsMessage['type']>(
  type: T,
  handler: (message: Extract<EventsMessage, { type: T }>) => void,
): void {
  const { link } = useServices();
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    const isWanted = (message: EventsMessage): message is Extract<EventsMessage, { type: T }> =>
      message.type === type;
    return link.on((message) => {
      if (isWanted(message)) latest.current(message);
    });
  }, [link, type]);
}

/**
 * Asks the hub to tell of every report of these devices; queries under `['device', id]` are then fetched anew.
 * At most 200 are watched at a time.
 */
export function useWatch(deviceIds: readonly string[]): void {
  const { link } = useServices();
  const key = deviceIds.join(' ');
  useEffect(() => (key === '' ? undefined : link.watch(key.split(' '))), [link, key]);
}

/** How a screen has fetched anew what an event says is stale. */
export const useRefetch = (): Refetch => useServices().refetch;

/** Whether the console hears the hub, and for how long (monotonic ms). */
export function useLinkState(): LinkState {
  const { link } = useServices();
  return useSyncExternalStore((listener) => link.onState(listener), link.state);
}

/** The newest status of a device: what was heard last, or what the list said when it was fetched. */
export function useLiveStatus(
  num: number,
  fetched: { status: HealthStatus; since: number | null },
): { status: HealthStatus; since: number | null } {
  const { statuses } = useServices();
  const token = useSyncExternalStore(
    (listener) => statuses.subscribeTo(num, listener),
    () => {
      const live = statuses.get(num);
      return live ? `${live.status} ${live.since}` : '';
    },
  );
  const live = token === '' ? undefined : statuses.get(num);
  return live && live.since >= (fetched.since ?? 0) ? live : fetched;
}
