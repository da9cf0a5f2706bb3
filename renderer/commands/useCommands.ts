import {
  keepPreviousData,
  type QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import {
  CommandPreview,
  type CommandRequest,
  type CommandStart,
} from '../../main/contract/command-preview.ts';
import {
  CommandPage,
  CommandRun,
  CommandRunPage,
  type CommandState,
} from '../../main/contract/command-runs.ts';
import type { CommandSpec } from '../../main/contract/command-spec.ts';
import { hubGet, hubSend, queryString } from '../hub/client.ts';
import { isActive } from './run-state.ts';

const root = 'commands';
const runPath = (id: string) => `/api/commands/${encodeURIComponent(id)}`;

/** The event socket tells of progress; should it be down, the outcome must be seen all the same. */
const BACKUP_MS = 5_000;

/** What would happen. Asked anew whenever the command or its devices change; one token is good for one run. */
export function usePreview(command: CommandSpec | null, deviceIds: readonly string[]) {
  return useQuery({
    queryKey: ['command-preview', command, deviceIds],
    queryFn: ({ signal }) => {
      if (!command) throw new Error('nothing to preview');
      const request: CommandRequest = { command, target: { deviceIds: [...deviceIds] } };
      return hubSend('POST', '/api/commands/preview', request, CommandPreview, signal);
    },
    enabled: command !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
}

export type StartInput = Pick<CommandStart, 'token' | 'key' | 'pauseBetweenStages' | 'reason'>;

/** Does what was previewed; answers with its run. */
export function useStartRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: StartInput) => hubSend('POST', '/api/commands', input, CommandRun),
    onSuccess: (run) => {
      client.setQueryData([root, 'run', run.id], run);
      void client.invalidateQueries({ queryKey: [root, 'runs'] });
    },
  });
}

/** Runs that concern devices the person may see, newest first. */
export function useRuns(limit: number) {
  return useQuery({
    queryKey: [root, 'runs', limit],
    queryFn: ({ signal }) => hubGet(`/api/commands${queryString({ limit })}`, CommandRunPage, signal),
    refetchInterval: ({ state }) => (state.data?.items.some(isActive) ? BACKUP_MS : false),
  });
}

export function useRun(id: string) {
  return useQuery({
    queryKey: [root, 'run', id],
    queryFn: ({ signal }) => hubGet(runPath(id), CommandRun, signal),
    refetchInterval: ({ state }) => (state.data && isActive(state.data) ? BACKUP_MS : false),
  });
}

/** Whether the run is on the screen right now: its end need not be told then. */
export const isWatched = (client: QueryClient, id: string): boolean =>
  (client
    .getQueryCache()
    .find({ queryKey: [root, 'run', id] })
    ?.getObserversCount() ?? 0) > 0;

/** Devices of a run. @param state undefined is all */
export function useRunDevices(id: string, state: CommandState | undefined, limit: number, active: boolean) {
  return useQuery({
    queryKey: [root, 'run', id, 'devices', state ?? '', limit],
    queryFn: ({ signal }) =>
      hubGet(`${runPath(id)}/devices${queryString({ state, limit })}`, CommandPage, signal),
    placeholderData: keepPreviousData,
    refetchInterval: active ? BACKUP_MS : false,
  });
}

/** What one device was told, newest first. */
export function useDeviceCommands(deviceId: string) {
  return useQuery({
    queryKey: [root, 'device', deviceId],
    queryFn: ({ signal }) =>
      hubGet(`/api/devices/${encodeURIComponent(deviceId)}/commands?limit=50`, CommandPage, signal),
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ endedAt }) => endedAt === null) ? BACKUP_MS : false,
  });
}

/** Lets a run that waits go on, or ends it. What devices do already is not called back. */
export function useRunControl(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (verb: 'continue' | 'stop') =>
      hubSend('POST', `${runPath(id)}/${verb}`, undefined, CommandRun),
    onSuccess: (run) => {
      client.setQueryData([root, 'run', id], run);
      void client.invalidateQueries({ queryKey: [root] });
    },
  });
}
