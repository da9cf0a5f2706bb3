import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { hubSend, NoAnswer } from '../hub/client.ts';
import { HubError } from '../hub/errors.ts';

interface Credentials {
  login: string;
  password: string;
}

/** Seconds until the hub takes another attempt, counting down; 0 when it would take one now. */
function useCountdown(error: unknown): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const wait =
      error instanceof HubError && error.status === 429 ? Number(error.params.retryAfterS ?? 30) : 0;
    const until = performance.now() + wait * 1000;
    const tick = () => setLeft(Math.max(0, Math.ceil((until - performance.now()) / 1000)));
    tick();
    if (wait === 0) return;
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [error]);
  return left;
}

/** Signing in, with the hub's throttle told as seconds left. */
export function useSignIn(onSignedIn: () => void) {
  const mutation = useMutation({
    mutationFn: (credentials: Credentials) => hubSend('POST', '/api/session', credentials, NoAnswer),
    onSuccess: onSignedIn,
  });
  const waitS = useCountdown(mutation.error);
  return { signIn: mutation.mutate, pending: mutation.isPending, error: mutation.error, waitS };
}
