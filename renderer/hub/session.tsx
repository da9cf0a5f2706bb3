import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { type Action, PublicInfo, SessionInfo } from '../../main/contract/access.ts';
import { hubGet, hubSend, NoAnswer } from './client.ts';
import { HubError } from './errors.ts';

/** Why the sign-in page is shown to somebody who was in. */
export type EndReason = 'signed-out' | 'locked' | 'expired' | 'demo-closed';

export interface Session extends SessionInfo {
  /** Whether the person holds the action somewhere; where exactly, the hub decides. */
  can(action: Action): boolean;
}

interface SessionControl {
  signOut(): Promise<void>;
  /** The hub said that the session is over. */
  ended(reason: EndReason): void;
  /** Rights changed: asks the hub anew. */
  refresh(): void;
}

const SessionContext = createContext<Session | null>(null);
const ControlContext = createContext<SessionControl | null>(null);

export const sessionKey = ['session'] as const;
export const publicKey = ['public'] as const;

/** What may be known before anybody signed in. */
export function usePublicInfo() {
  return useQuery({
    queryKey: publicKey,
    queryFn: ({ signal }) => hubGet('/api/public', PublicInfo, signal),
    staleTime: 60_000,
  });
}

/** The session, or null when nobody is signed in; only a hub that cannot be asked is an error. */
function useSessionQuery() {
  return useQuery({
    queryKey: sessionKey,
    queryFn: async ({ signal }) => {
      try {
        return await hubGet('/api/session', SessionInfo, signal);
      } catch (error) {
        if (error instanceof HubError && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export interface SessionGateProps {
  signedOut: (reason: EndReason | null, onSignedIn: () => void) => ReactNode;
  loading: ReactNode;
  failed: (error: unknown, retry: () => void) => ReactNode;
  children: ReactNode;
}

/** Shows the console to a signed-in person, the sign-in page to anybody else. */
export function SessionGate({ signedOut, loading, failed, children }: SessionGateProps) {
  const client = useQueryClient();
  const query = useSessionQuery();
  const [reason, setReason] = useState<EndReason | null>(null);

  const leave = useCallback(
    (why: EndReason | null) => {
      setReason(why);
      // Nothing of the person before may be shown to the next one.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
      client.setQueryData(sessionKey, null);
    },
    [client],
  );
  const control = useMemo<SessionControl>(
    () => ({
      signOut: async () => {
        await hubSend('DELETE', '/api/session', undefined, NoAnswer);
        leave(null);
      },
      ended: leave,
      refresh: () => void client.invalidateQueries({ queryKey: sessionKey }),
    }),
    [client, leave],
  );
  const session = useMemo<Session | null>(() => {
    if (!query.data) return null;
    const actions = new Set(query.data.actions);
    return { ...query.data, can: (action) => actions.has(action) };
  }, [query.data]);

  if (query.isPending) return loading;
  if (query.isError && !session) return failed(query.error, () => void query.refetch());
  if (!session)
    return signedOut(reason, () => {
      setReason(null);
      void query.refetch();
    });
  return (
    <ControlContext value={control}>
      <SessionContext value={session}>{children}</SessionContext>
    </ControlContext>
  );
}

/** Who is signed in. Only below SessionGate. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession is for signed-in screens');
  return session;
}

export function useSessionControl(): SessionControl {
  const control = useContext(ControlContext);
  if (!control) throw new Error('useSessionControl is for signed-in screens');
  return control;
}
