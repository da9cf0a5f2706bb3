import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { z } from 'zod';
import {
  HIDDEN_CAMERA,
  Wall,
  WallCamera,
  type WallChange,
  type WallInput,
  WallSummary,
} from '../../main/contract/wall.ts';
import { hubGet, hubSend, NoAnswer } from '../hub/client.ts';

const path = (id: string) => `/api/walls/${encodeURIComponent(id)}`;

/** One's own walls, then those of one's unit. */
export function useWalls(enabled = true) {
  return useQuery({
    queryKey: ['walls', 'list'],
    queryFn: ({ signal }) => hubGet('/api/walls', z.array(WallSummary), signal),
    enabled,
  });
}

const wallQuery = (id: string) => ({
  queryKey: ['walls', 'one', id],
  queryFn: ({ signal }: { signal: AbortSignal }) => hubGet(path(id), Wall, signal),
});

/** @param id null asks nothing */
export function useWall(id: string | null) {
  return useQuery({ ...wallQuery(id ?? ''), enabled: id !== null });
}

/** Those of the walls that could be had: one that is gone or no longer shared is passed over. */
export function useSomeWalls(ids: readonly string[]): Wall[] {
  return useQueries({
    queries: ids.map(wallQuery),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  });
}

/**
 * Names of the cameras by their ids. A camera that is not in the map may not be seen, or is no more; undefined while
 * it is not known.
 */
export function useWallCameras(cameraIds: readonly string[]): {
  cameras: ReadonlyMap<string, WallCamera> | undefined;
  error: unknown;
  retry: () => void;
} {
  const ids = [...new Set(cameraIds.filter((id) => id !== HIDDEN_CAMERA))].sort();
  const { data, error, refetch } = useQuery({
    queryKey: ['devices', 'wall-cameras', ids],
    queryFn: ({ signal }) => hubSend('POST', '/api/walls/cameras', { ids }, z.array(WallCamera), signal),
    enabled: ids.length > 0,
    // Whether a camera is recorded is told by no event that a wall could wait for.
    refetchInterval: 30_000,
    placeholderData: (before) => before,
  });
  // Not by `select`: a Map of its own at each render would make the next one.
  const none = ids.length === 0;
  const cameras = useMemo(
    () => (none ? new Map<string, WallCamera>() : data && new Map(data.map((camera) => [camera.id, camera]))),
    [none, data],
  );
  return { cameras, error, retry: () => void refetch() };
}

export const addWall = (input: WallInput) => hubSend('POST', '/api/walls', input, Wall);
export const changeWall = (id: string, change: WallChange) => hubSend('PUT', path(id), change, Wall);
export const removeWall = (id: string) => hubSend('DELETE', path(id), undefined, NoAnswer);
