import { DeviceKind } from '../../main/contract/device.ts';
import { useSession } from '../hub/session.tsx';
import { useStored } from '../ui/useStored.ts';

/** Name under which a person's choice is kept on this machine. */
export const incidentKindName = (personId: string): string => `kalancha.incidents.kind.${personId}`;

/** Of which devices this person wants to see incidents; null for all. Two people at one desk each have their own. */
export function useIncidentKind(): [DeviceKind | null, (kind: DeviceKind | null) => void] {
  const { person } = useSession();
  const [stored, store] = useStored(incidentKindName(person.id));
  return [DeviceKind.safeParse(stored).data ?? null, store];
}
