/** How long a browser that allows sound may take to begin, ms. */
export const BEGIN_MS = 1_500;

/** What is used of an `AudioContext`. */
export interface ProbeContext extends Pick<EventTarget, 'addEventListener'> {
  readonly state: string;
  resume(): Promise<void>;
  close(): Promise<void>;
}

/** `unknown` until the browser has answered. */
export type SoundAllowed = 'unknown' | 'allowed' | 'forbidden';

interface SoundGateParts {
  open: () => ProbeContext;
  onChange: (allowed: SoundAllowed) => void;
}

/**
 * Whether this page may be heard. A browser keeps a page silent until somebody touched it, and tells nobody: a
 * console that reloaded itself at night would be mute. A context that does not begin to run shows it; once it
 * runs, the page may be heard for as long as it lives.
 */
export function createSoundGate({ open, onChange }: SoundGateParts) {
  let allowed: SoundAllowed = 'unknown';
  let ended = false;
  const probe = open();
  const turn = (next: SoundAllowed): void => {
    if (ended || allowed === next) return;
    allowed = next;
    onChange(next);
  };
  const end = (): void => {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    void probe.close();
  };
  const look = (): void => {
    if (probe.state !== 'running') return;
    turn('allowed');
    end();
  };
  // Refused or still asleep: then the state says nothing new, and nothing was lost.
  const ask = (): void => {
    if (!ended) void probe.resume().then(look, () => undefined);
  };
  const timer = setTimeout(() => turn('forbidden'), BEGIN_MS);
  probe.addEventListener('statechange', look);
  look();
  ask();
  return {
    allowed: (): SoundAllowed => allowed,
    /** To be called while the browser handles a click or a key: only then it may say yes. */
    ask,
    stop: end,
  };
}
