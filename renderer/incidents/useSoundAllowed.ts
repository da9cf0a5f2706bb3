import { useEffect, useRef, useState } from 'react';
import { createSoundGate, type SoundAllowed } from './sound-gate.ts';

/** Whether the browser lets this page be heard, and how to ask it by a click. Any click or key asks too. */
export function useSoundAllowed(): { allowed: SoundAllowed; ask: () => void } {
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
  return { allowed, ask: () => ask.current() };
}
