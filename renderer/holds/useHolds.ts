import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  Hold,
  type HoldFilter,
  type HoldInput,
  HoldPage,
  HoldPreview,
  type HoldPreviewInput,
  HoldQuota,
} from '../../main/contract/holds.ts';
import { hubGet, hubSend, queryString } from '../hub/client.ts';

const id = encodeURIComponent;

/** Holds, page by page. Others confirm and end them too: asked anew now and then. */
export const useHolds = (filter: HoldFilter, camera: string) =>
  useInfiniteQuery({
    queryKey: ['holds', 'list', filter, camera],
    queryFn: ({ signal, pageParam }) =>
      hubGet(`/api/holds${queryString({ filter, camera, cursor: pageParam })}`, HoldPage, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: 30_000,
  });

export const useHoldQuota = () =>
  useQuery({
    queryKey: ['holds', 'quota'],
    queryFn: ({ signal }) => hubGet('/api/holds/quota', HoldQuota, signal),
  });

/** What a hold would keep and whether there is room for it. */
export const useHoldPreview = (input: HoldPreviewInput) =>
  useQuery({
    queryKey: ['holds', 'preview', input],
    queryFn: ({ signal }) => hubSend('POST', '/api/holds/preview', input, HoldPreview, signal),
    retry: false,
    gcTime: 0,
  });

/** Every change of holds; what was asked about them, and timelines that show them, are asked anew. */
export function useHoldChanges() {
  const client = useQueryClient();
  const onSuccess = async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: ['holds'] }),
      client.invalidateQueries({ queryKey: ['timeline'] }),
    ]);
  };
  return {
    add: useMutation({
      mutationFn: (input: HoldInput) => hubSend('POST', '/api/holds', input, Hold),
      onSuccess,
    }),
    approve: useMutation({
      mutationFn: (holdId: string) => hubSend('POST', `/api/holds/${id(holdId)}/approve`, undefined, Hold),
      onSuccess,
    }),
    prolong: useMutation({
      mutationFn: ({ holdId, until }: { holdId: string; until: number }) =>
        hubSend('PATCH', `/api/holds/${id(holdId)}`, { until }, Hold),
      onSuccess,
    }),
    end: useMutation({
      mutationFn: ({ holdId, note }: { holdId: string; note: string }) =>
        hubSend('POST', `/api/holds/${id(holdId)}/end`, { note }, Hold),
      onSuccess,
    }),
  };
}
