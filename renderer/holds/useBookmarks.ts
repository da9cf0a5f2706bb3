import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  Bookmark,
  type BookmarkInput,
  BookmarkPage,
  type BookmarkPatch,
} from '../../main/contract/bookmarks.ts';
import { hubGet, hubSend, NoAnswer, queryString } from '../hub/client.ts';

const path = (id: string) => `/api/bookmarks/${encodeURIComponent(id)}`;

export interface BookmarkSearch {
  /** Empty is every camera. */
  camera: string;
  q: string;
  mine: boolean;
}

/** Bookmarks of footage that the person may see, newest footage first. */
export const useBookmarks = ({ camera, q, mine }: BookmarkSearch) =>
  useInfiniteQuery({
    queryKey: ['bookmarks', camera, q, mine],
    queryFn: ({ signal, pageParam }) =>
      hubGet(
        `/api/bookmarks${queryString({ camera, q, mine: mine ? 'yes' : undefined, cursor: pageParam })}`,
        BookmarkPage,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

export function useBookmarkChanges() {
  const client = useQueryClient();
  const onSuccess = async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: ['bookmarks'] }),
      client.invalidateQueries({ queryKey: ['timeline'] }),
    ]);
  };
  return {
    add: useMutation({
      mutationFn: (input: BookmarkInput) => hubSend('POST', '/api/bookmarks', input, Bookmark),
      onSuccess,
    }),
    change: useMutation({
      mutationFn: ({ id, patch }: { id: string; patch: BookmarkPatch }) =>
        hubSend('PATCH', path(id), patch, Bookmark),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (id: string) => hubSend('DELETE', path(id), undefined, NoAnswer),
      onSuccess,
    }),
  };
}
