import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import type { DeviceKind } from '../../main/contract/device.ts';
import {
  IncidentDetail,
  IncidentList,
  type MaintenanceInput,
  MaintenanceWindow,
} from '../../main/contract/incidents.ts';
import { hubGet, hubSend, NoAnswer, queryString } from '../hub/client.ts';
import { useSession } from '../hub/session.tsx';

const id = encodeURIComponent;

/**
 * The open ones. The hub tells when they change; asked now and then for what it could not tell.
 * @param kind only those that concern such devices; null for all
 */
export function useOpenIncidents(kind: DeviceKind | null = null) {
  const { can } = useSession();
  return useQuery({
    queryKey: ['incidents', 'open', kind],
    queryFn: ({ signal }) =>
      hubGet(`/api/incidents${queryString({ kind: kind ?? undefined })}`, IncidentList, signal),
    enabled: can('incident.view'),
    refetchInterval: 60_000,
  });
}

export const useResolvedIncidents = (kind: DeviceKind | null) =>
  useInfiniteQuery({
    queryKey: ['incidents', 'resolved', kind],
    queryFn: ({ signal, pageParam }) =>
      hubGet(
        `/api/incidents${queryString({ state: 'resolved', kind: kind ?? undefined, cursor: pageParam })}`,
        IncidentList,
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });

export const useIncident = (incidentId: string | null) =>
  useQuery({
    queryKey: ['incidents', 'one', incidentId],
    queryFn: ({ signal }) => hubGet(`/api/incidents/${id(incidentId ?? '')}`, IncidentDetail, signal),
    enabled: incidentId !== null,
    retry: false,
  });

export interface Handled {
  incidentId: string;
  action: 'take' | 'release' | 'unmute' | 'comment' | 'mute' | 'resolve';
  body?: { text?: string; until?: number };
}

export function useHandleIncident() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ incidentId, action, body }: Handled) =>
      hubSend(
        'POST',
        `/api/incidents/${id(incidentId)}/${action}`,
        body ?? (action === 'resolve' ? {} : undefined),
        NoAnswer,
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ['incidents'] }),
  });
}

export const useMaintenance = () =>
  useQuery({
    queryKey: ['incidents', 'maintenance'],
    queryFn: ({ signal }) => hubGet('/api/maintenance', z.array(MaintenanceWindow), signal),
    refetchInterval: 60_000,
  });

export function useMaintenanceChanges() {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: ['incidents', 'maintenance'] });
  return {
    add: useMutation({
      mutationFn: (input: MaintenanceInput) => hubSend('POST', '/api/maintenance', input, MaintenanceWindow),
      onSuccess,
    }),
    end: useMutation({
      mutationFn: (windowId: string) =>
        hubSend('DELETE', `/api/maintenance/${id(windowId)}`, undefined, NoAnswer),
      onSuccess,
    }),
  };
}
