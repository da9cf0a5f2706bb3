import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { Job } from '../../main/contract/device.ts';
import { hubGet } from '../hub/client.ts';
import { useEvent, useRefetch } from '../hub/EventsProvider.tsx';

const jobsKey = ['jobs'] as const;

/** The person's background work of any kind, newest first. */
export function useJobs() {
  const refetch = useRefetch();
  useEvent('job', () => refetch(jobsKey));
  return useQuery({
    queryKey: jobsKey,
    queryFn: ({ signal }) => hubGet('/api/jobs', z.array(Job), signal),
    // The event socket tells of progress; should it be down, the outcome must be seen all the same.
    refetchInterval: ({ state }) => (state.data?.some((job) => job.state === 'running') ? 5000 : false),
  });
}
