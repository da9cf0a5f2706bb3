import type { SessionInfo } from '../contract/access.ts';
import { Actions } from '../contract/access.ts';
import { LIVE_WINDOW_MS } from '../contract/video.ts';
import type { AccessModel } from './model.ts';
import type { Session } from './sessions.ts';
import type { AccessGate, Viewer } from './types.ts';

const LONGEST_TOKEN = 200;

/** The door's questions, answered from memory. */
export function createGate(model: AccessModel, city: SessionInfo['city']): AccessGate {
  const { people, rights, sessions, roles } = model;

  function open(viewer: Viewer): Session | undefined {
    const session = sessions.get(viewer.sessionId);
    const person = people.get(viewer.personId);
    return session &&
      person &&
      session.personId === person.id &&
      sessions.alive(session) &&
      model.usable(person)
      ? session
      : undefined;
  }

  return {
    authenticate(token, from) {
      if (token.length > LONGEST_TOKEN) return null;
      const session = sessions.use(token);
      const person = session && people.get(session.personId);
      if (!person || !model.usable(person)) return null;
      return { sessionId: session.id, personId: person.id, name: person.name, login: person.login, from };
    },
    alive: (viewer) => open(viewer) !== undefined,
    may: (viewer, action, device, footageTime) =>
      open(viewer)
        ? rights.decide(viewer.personId, action, device, footageTime)
        : { allowed: false, reason: 'session-ended' },
    visible: (viewer, action) =>
      open(viewer) ? rights.visible(viewer.personId, action) : rights.reach([], action).bits,
    // An ended session has the last version there is, so that it differs from whatever was seen before.
    rightsVersion: (viewer) => (open(viewer) ? rights.version(viewer.personId) : Number.MAX_SAFE_INTEGER),
    async info(viewer) {
      const person = people.get(viewer.personId);
      const session = sessions.get(viewer.sessionId);
      const held = new Set(
        rights
          .grantsInForce(viewer.personId)
          .filter(({ effect }) => effect === 'allow')
          .map(({ roleId }) => roleId),
      );
      return {
        person: {
          id: viewer.personId,
          login: viewer.login,
          name: person?.name ?? viewer.name,
          unit: person?.unit ?? '',
          number: person?.number ?? '',
        },
        roles: roles
          .all()
          .filter(({ id }) => held.has(id))
          .map(({ id, name }) => ({ id, name })),
        actions: Actions.filter((action) => rights.decide(viewer.personId, action, null).allowed),
        expiresAt: session?.expiresAt ?? 0,
        city,
        liveWindowMs: LIVE_WINDOW_MS,
      };
    },
  };
}
