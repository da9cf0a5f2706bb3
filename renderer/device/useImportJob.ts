import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Job } from '../../main/contract/device.ts';
import { hubFetch, hubGet, hubSend } from '../hub/client.ts';

/** Taking in a large file over a slow line may last. */
const UPLOAD_TIMEOUT_MS = 10 * 60_000;

/** A file on its way into the registry: sent, then read by the hub in the background; can be cancelled. */
export function useImportJob() {
  const client = useQueryClient();
  const [jobId, setJobId] = useState<string | null>(null);
  const upload = useMutation({
    mutationFn: async (file: File) => {
      const response = await hubFetch(
        '/api/imports/devices',
        { method: 'POST', headers: { 'content-type': 'text/csv' }, body: file },
        undefined,
        UPLOAD_TIMEOUT_MS,
      );
      return Job.parse(await response.json());
    },
    onSuccess: (job) => {
      client.setQueryData(['job', job.id], job);
      setJobId(job.id);
    },
  });
  const job = useQuery({
    queryKey: ['job', jobId],
    queryFn: ({ signal }) => hubGet(`/api/jobs/${encodeURIComponent(jobId ?? '')}`, Job, signal),
    enabled: jobId !== null,
    // The event socket tells of progress; should it be down, the outcome must be seen all the same.
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? 1000 : false),
  });
  const cancel = useMutation({
    mutationFn: () => hubSend('DELETE', `/api/jobs/${encodeURIComponent(jobId ?? '')}`, undefined, Job),
    onSuccess: (ended) => client.setQueryData(['job', ended.id], ended),
  });
  return {
    send: upload.mutate,
    sending: upload.isPending,
    job: jobId === null ? null : (job.data ?? null),
    error: upload.error ?? job.error ?? cancel.error,
    cancel: () => cancel.mutate(),
    again: () => {
      upload.reset();
      cancel.reset();
      setJobId(null);
    },
  };
}
