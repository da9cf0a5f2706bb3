import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import {
  ExportEstimate,
  type ExportInput,
  ExportPublicKey,
  type ExportRange,
  VideoExport,
} from '../../main/contract/export.ts';
import { hubGet, hubSend, NoAnswer } from '../hub/client.ts';
import { useEvent, useRefetch } from '../hub/EventsProvider.tsx';

export const exportsKey = ['exports'] as const;
const path = (id: string) => `/api/exports/${encodeURIComponent(id)}`;

export const downloadPath = (id: string): string => `${path(id)}/download`;
export const filePath = (id: string, name: string): string => `${path(id)}/files/${encodeURIComponent(name)}`;
export const PUBLIC_KEY_FILE = '/api/exports/public-key.pem';

export const isGoingOn = ({ state }: VideoExport): boolean => state === 'waiting' || state === 'running';

/** The person's own exports, newest first, kept in step with the hub while any of them is going on. */
export function useExports(enabled = true) {
  const refetch = useRefetch();
  useEvent('job', () => refetch(exportsKey));
  return useQuery({
    queryKey: exportsKey,
    queryFn: ({ signal }) => hubGet('/api/exports', z.array(VideoExport), signal),
    enabled,
    // The event socket tells of progress; should it be down, the outcome must be seen all the same.
    refetchInterval: ({ state }) => (state.data?.some(isGoingOn) ? 2000 : false),
  });
}

/** What there is in a range and what of it the person may take. */
export function useExportEstimate(range: ExportRange) {
  return useQuery({
    queryKey: ['export-estimate', range],
    queryFn: ({ signal }) => hubSend('POST', '/api/exports/estimate', range, ExportEstimate, signal),
    enabled: range.cameraIds.length > 0,
  });
}

export function useExportChanges() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: exportsKey });
  return {
    start: useMutation({
      mutationFn: (input: ExportInput) => hubSend('POST', '/api/exports', input, VideoExport),
      onSuccess: refresh,
    }),
    /** Cancels what is going on; removes what is ready. */
    end: useMutation({
      mutationFn: (id: string) => hubSend('DELETE', path(id), undefined, NoAnswer),
      onSuccess: refresh,
    }),
  };
}

/** The key by which the hub's exports are verified. */
export function useExportKey(enabled = true) {
  return useQuery({
    queryKey: ['export-key'],
    queryFn: ({ signal }) => hubGet('/api/exports/public-key', ExportPublicKey, signal),
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  });
}
