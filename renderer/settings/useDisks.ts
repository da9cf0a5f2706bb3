import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { DiskList } from '../../main/contract/recording.ts';
import { hubGet, hubSend } from '../hub/client.ts';

const KEY = ['recording', 'disks'];
const AGAIN_MS = 5_000;

export const useDisks = () =>
  useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => hubGet('/api/recording/disks', DiskList, signal),
    refetchInterval: AGAIN_MS,
  });

/** Takes in whatever disk stands in a place now. */
export function useAcceptDisk() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (place: number) =>
      hubSend('POST', `/api/recording/disks/${place}/accept`, undefined, DiskList),
    onSuccess: (list) => client.setQueryData(KEY, list),
  });
}
