import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { NoticeReceivers } from '../../main/contract/notices.ts';
import { hubGet, hubSend } from '../hub/client.ts';

const KEY = ['notices', 'receivers'];
const AGAIN_MS = 5_000;

export const useNoticeReceivers = () =>
  useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => hubGet('/api/notices/receivers', NoticeReceivers, signal),
    refetchInterval: AGAIN_MS,
  });

/** Sends a test to one receiver; its card tells how that went, also when it did not get through. */
export function useTestReceiver() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      hubSend('POST', `/api/notices/receivers/${encodeURIComponent(name)}/test`, undefined, NoticeReceivers),
    onSuccess: (list) => client.setQueryData(KEY, list),
    onError: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
