import { Loading } from '../ui/states.tsx';

export interface LivePlayerProps {
  cameraId: string;
  name: string;
}

/** A camera's live picture. */
export function LivePlayer({ name }: LivePlayerProps) {
  return <Loading label={name} />;
}
