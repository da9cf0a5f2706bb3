import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ThresholdInput, ThresholdPreview, Thresholds } from '../../main/contract/thresholds.ts';
import { hubGet, hubSend } from '../hub/client.ts';

const PATH = '/api/thresholds';

export const useThresholds = () =>
  useQuery({
    queryKey: ['thresholds'],
    queryFn: ({ signal }) => hubGet(PATH, Thresholds, signal),
  });

export function useSaveThresholds() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (all: readonly ThresholdInput[]) => hubSend('PUT', PATH, all, Thresholds),
    onSuccess: (all) => client.setQueryData(['thresholds'], all),
  });
}

export const useThresholdPreview = () =>
  useMutation({
    mutationFn: (threshold: ThresholdInput) =>
      hubSend('POST', `${PATH}/preview`, threshold, ThresholdPreview),
  });
