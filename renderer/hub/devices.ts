import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import {
  Area,
  Device,
  DeviceGroup,
  DevicePage,
  type DeviceQuery,
  DeviceSummary,
} from '../../main/contract/device.ts';
import { DeviceHealth } from '../../main/contract/health.ts';
import { Quarantine } from '../../main/contract/quarantine.ts';
import { StreamStatus } from '../../main/contract/video.ts';
import { hubGet, hubSend, queryString } from './client.ts';

/** What is asked of the list; everything may be left out. */
export type DeviceSearch = Omit<z.input<typeof DeviceQuery>, 'limit'> & { limit?: number };

const path = (id: string) => `/api/devices/${encodeURIComponent(id)}`;

/** Devices that fit and that the person may see. The page before stays while the next is fetched. */
export function useDevices(search: DeviceSearch, enabled = true) {
  return useQuery({
    queryKey: ['devices', search],
    queryFn: ({ signal }) => hubGet(`/api/devices${queryString(search)}`, DevicePage, signal),
    placeholderData: keepPreviousData,
    enabled,
  });
}

/** @param id null asks nothing */
export function useDevice(id: string | null) {
  return useQuery({
    queryKey: ['device', id],
    queryFn: ({ signal }) => hubGet(path(id ?? ''), Device, signal),
    enabled: id !== null,
  });
}

export function useDeviceHealth(id: string) {
  return useQuery({
    queryKey: ['device', id, 'health'],
    queryFn: ({ signal }) => hubGet(`${path(id)}/health`, DeviceHealth, signal),
  });
}

/** What the device sent and was refused. */
export function useQuarantine(id: string) {
  return useQuery({
    queryKey: ['device', id, 'quarantine'],
    queryFn: ({ signal }) => hubGet(`${path(id)}/quarantine`, Quarantine, signal),
  });
}

export function useStreamStatus(cameraId: string, enabled: boolean) {
  return useQuery({
    queryKey: ['device', cameraId, 'stream'],
    queryFn: ({ signal }) =>
      hubGet(`/api/video/${encodeURIComponent(cameraId)}/status`, StreamStatus, signal),
    enabled,
  });
}

/** Okrugs and districts; they change so seldom that one fetch serves the whole session. */
export function useAreas() {
  return useQuery({
    queryKey: ['areas'],
    queryFn: ({ signal }) => hubGet('/api/areas', z.array(Area), signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useGroups() {
  return useQuery({
    queryKey: ['groups'],
    queryFn: ({ signal }) => hubGet('/api/groups', z.array(DeviceGroup), signal),
  });
}

/** Names and statuses of devices by the map's numbers, at most 200 at a time. */
export function useSummaries(nums: readonly number[]) {
  return useQuery({
    queryKey: ['devices', 'lookup', nums],
    queryFn: ({ signal }) => hubSend('POST', '/api/devices/lookup', { nums }, z.array(DeviceSummary), signal),
    enabled: nums.length > 0,
    placeholderData: keepPreviousData,
  });
}
