import type { AccessModel } from './model.ts';
import type { PersonGate } from './types.ts';

/** Decisions for work that goes on without a session: by the person alone, and what he may do at this moment. */
export function createPersonGate({ people, rights, usable }: AccessModel): PersonGate {
  const open = (personId: string) => {
    const person = people.get(personId);
    return person && usable(person) ? person : undefined;
  };
  return {
    person(personId) {
      const person = open(personId);
      if (!person) return undefined;
      const { id, login, name, unit, number } = person;
      return { id, login, name, unit, number };
    },
    may: (personId, action, device, footageTime) =>
      open(personId)
        ? rights.decide(personId, action, device, footageTime)
        : { allowed: false, reason: 'session-ended' },
  };
}
