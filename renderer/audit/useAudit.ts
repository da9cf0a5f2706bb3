import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { AuditChain, AuditPage, AuditVerification } from '../../main/contract/audit.ts';
import { hubFetch, hubGet, hubSend, queryString } from '../hub/client.ts';
import { useSaveFile } from '../ui/native.tsx';
import type { AuditAsk } from './audit-filter.ts';

const PAGE = 100;
/** A verification walks the whole log; an export reads it. */
const LONG_MS = 30 * 60_000;

/** Entries that fit, newest first, page by page. */
export const useAuditEntries = (ask: AuditAsk) =>
  useInfiniteQuery({
    queryKey: ['audit', 'entries', ask],
    queryFn: ({ pageParam, signal }) =>
      hubGet(`/api/audit${queryString({ ...ask, limit: PAGE, cursor: pageParam })}`, AuditPage, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    // Asking anew writes an entry of its own: only when somebody asks.
    staleTime: Number.POSITIVE_INFINITY,
  });

export const useAuditChain = () =>
  useQuery({
    queryKey: ['audit', 'chain'],
    queryFn: ({ signal }) => hubGet('/api/audit/chain', AuditChain, signal),
  });

export function useVerify() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => hubSend('POST', '/api/audit/verify', undefined, AuditVerification),
    onSettled: () => client.invalidateQueries({ queryKey: ['audit', 'chain'] }),
  });
}

export function useAuditExport() {
  const saveFile = useSaveFile();
  return useMutation({
    mutationFn: async (ask: AuditAsk) => {
      const response = await hubFetch(`/api/audit/export${queryString({ ...ask })}`, {}, undefined, LONG_MS);
      await saveFile(await response.blob(), 'kalancha-audit.ndjson');
    },
  });
}
