import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { Timeline } from '../../main/contract/video.ts';
import { hubGet } from '../hub/client.ts';
import { recordingAfter, recordingBefore } from '../player/spans.ts';
import { timelinePath } from '../player/timeline-path.ts';
import { useErrorText } from '../ui/useErrorText.ts';

/** Finds where the recording of a camera before or after a moment begins, however far away it is. */
export function useRecordingJump(
  cameraId: string,
  timeline: Timeline | undefined,
  go: (utc: number) => void,
) {
  const { t } = useTranslation('archive');
  const errorText = useErrorText();
  return async (position: number, direction: 1 | -1): Promise<void> => {
    if (!timeline) return;
    const find = direction === 1 ? recordingAfter : recordingBefore;
    // What is shown knows the answer only as far as it reaches without a break from the position.
    const covers = position >= timeline.from && position <= timeline.to;
    let found = covers ? find(timeline.spans, position) : undefined;
    try {
      if (found === undefined || found <= timeline.from) {
        const from = direction === 1 ? position : (timeline.oldest ?? position);
        const to = direction === 1 ? (timeline.newest ?? position) : position;
        if (to > from) {
          const whole = await hubGet(timelinePath(cameraId, from, to), Timeline);
          found = find(whole.spans, position);
        }
      }
      if (found === undefined)
        notifications.show({ message: t(direction === 1 ? 'nothing-after' : 'nothing-before') });
      else go(found);
    } catch (error) {
      notifications.show({ color: 'red', message: errorText(error) });
    }
  };
}
