import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import {
  DeviceAccess,
  Grant,
  type GrantInput,
  GrantPreview,
  Person,
  PersonAccess,
  type PersonInput,
  type PersonPatch,
  type PreviewInput,
  Role,
} from '../../main/contract/access.ts';
import { hubGet, hubSend, queryString } from '../hub/client.ts';

const id = encodeURIComponent;

export const usePeople = () =>
  useQuery({
    queryKey: ['access', 'people'],
    queryFn: ({ signal }) => hubGet('/api/access/people', z.array(Person), signal),
  });

export const useRoles = () =>
  useQuery({
    queryKey: ['access', 'roles'],
    queryFn: ({ signal }) => hubGet('/api/access/roles', z.array(Role), signal),
  });

export const useGrants = (personId: string) =>
  useQuery({
    queryKey: ['access', 'grants', personId],
    queryFn: ({ signal }) => hubGet(`/api/access/grants${queryString({ personId })}`, z.array(Grant), signal),
  });

export const useEffective = (personId: string) =>
  useQuery({
    queryKey: ['access', 'effective', personId],
    queryFn: ({ signal }) => hubGet(`/api/access/people/${id(personId)}/effective`, PersonAccess, signal),
  });

export const useDeviceAccess = (deviceId: string) =>
  useQuery({
    queryKey: ['access', 'device', deviceId],
    queryFn: ({ signal }) => hubGet(`/api/access/devices/${id(deviceId)}`, DeviceAccess, signal),
    enabled: deviceId !== '',
    // Who is watching changes by itself.
    refetchInterval: 10_000,
  });

/** What a change would do. Asked anew for each change of the question; never kept. */
export const usePreview = (input: PreviewInput | null) =>
  useQuery({
    queryKey: ['access', 'preview', input],
    queryFn: ({ signal }) => hubSend('POST', '/api/access/preview', input, GrantPreview, signal),
    enabled: input !== null,
    gcTime: 0,
    staleTime: 5000,
  });

/** Every change of people and rights, after which all that was asked about them is asked anew. */
export function useAccessChanges() {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: ['access'] });
  return {
    addPerson: useMutation({
      mutationFn: (input: PersonInput) => hubSend('POST', '/api/access/people', input, Person),
      onSuccess,
    }),
    changePerson: useMutation({
      mutationFn: ({ personId, patch }: { personId: string; patch: PersonPatch }) =>
        hubSend('PATCH', `/api/access/people/${id(personId)}`, patch, Person),
      onSuccess,
    }),
    addGrant: useMutation({
      mutationFn: (input: GrantInput) => hubSend('POST', '/api/access/grants', input, Grant),
      onSuccess,
    }),
    endGrant: useMutation({
      mutationFn: (grantId: string) =>
        hubSend('DELETE', `/api/access/grants/${id(grantId)}`, undefined, Grant),
      onSuccess,
    }),
  };
}
