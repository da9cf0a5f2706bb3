import { useEffect, useRef, useState } from 'react';
import { Timeline } from '../../main/contract/video.ts';
import { hubGet } from '../hub/client.ts';
import { createArchiveGroup } from '../player/archive-group.ts';
import type { ArchiveGroup } from '../player/group-contract.ts';
import { type GroupState, initialGroup } from '../player/group-state.ts';
import { streamReason } from '../player/stream-reason.ts';
import { timelinePath } from '../player/timeline-path.ts';
import { useHubNow } from '../player/useHubNow.ts';

/**
 * The players of the archive, from mounting to unmounting. Cameras come and go by their tiles.
 * @param startAt UTC ms; null begins live. Later moves go through the group.
 */
export function useArchiveGroup(startAt: number | null): { group: ArchiveGroup | null; state: GroupState } {
  const hubNow = useHubNow();
  const first = useRef(startAt);
  const [group, setGroup] = useState<ArchiveGroup | null>(null);
  const [state, setState] = useState<GroupState>(initialGroup);
  useEffect(() => {
    const fresh = createArchiveGroup({
      startAt: first.current,
      now: hubNow,
      timeline: (cameraId, from, to, signal) => hubGet(timelinePath(cameraId, from, to), Timeline, signal),
      problem: streamReason,
      onChange: setState,
    });
    setGroup(fresh);
    return () => {
      // A remount for another reason than a new place goes on where it was.
      first.current = fresh.state().mode === 'live' ? null : fresh.position();
      fresh.stop();
      setGroup(null);
      setState(initialGroup);
    };
  }, [hubNow]);
  return { group, state };
}
