import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { createSoundGate, type SoundAllowed } from './sound-gate.ts';

export interface Sound {
  /** Whether the browser lets this page be heard. */
  allowed: SoundAllowed;
  /** Asks the browser; to be called while it handles a click. */
  ask: () => void;
}

const SoundContext = createContext<Sound | null>(null);

/** Finds out once for the whole page whether it may be heard. Any click or key asks too. */
export function SoundProvider({ children }: { children: ReactNode }) {
  const [allowed, setAllowed] = useState<SoundAllowed>('unknown');
  const ask = useRef<() => void>(() => undefined);
  useEffect(() => {
    const gate = createSoundGate({ open: () => new AudioContext(), onChange: setAllowed });
    ask.current = gate.ask;
    setAllowed(gate.allowed());
    const touches = ['click', 'keydown'] as const;
    for (const touch of touches) window.addEventListener(touch, gate.ask, true);
    return () => {
      for (const touch of touches) window.removeEventListener(touch, gate.ask, true);
      gate.stop();
    };
  }, []);
  const sound = useMemo(() => ({ allowed, ask: () => ask.current() }), [allowed]);
  return <SoundContext value={sound}>{children}</SoundContext>;
}

export function useSound(): Sound {
  const sound = useContext(SoundContext);
  if (!sound) throw new Error('useSound needs a SoundProvider above it');
  return sound;
}
