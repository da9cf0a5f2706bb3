import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo } from 'react';
import type { NativeBridge } from '../../native-bridge/index.ts';

interface Native {
  bridge: NativeBridge;
  /** Keeps the display on until the answer is called; it goes dark when the last one let go. */
  holdAwake(): () => void;
}

const Bridge = createContext<Native | null>(null);

/** Gives the console the machine it runs on: the desktop program or a browser, it never knows which. */
export function BridgeProvider({ bridge, children }: { bridge: NativeBridge; children: ReactNode }) {
  const native = useMemo(() => {
    let holders = 0;
    return {
      bridge,
      holdAwake() {
        holders += 1;
        if (holders === 1) void bridge.keepDisplayAwake({ on: true });
        return () => {
          holders -= 1;
          if (holders === 0) void bridge.keepDisplayAwake({ on: false });
        };
      },
    };
  }, [bridge]);
  return <Bridge value={native}>{children}</Bridge>;
}

function useNative(): Native {
  const native = useContext(Bridge);
  if (!native) throw new Error('the console was put together without a bridge');
  return native;
}

export const useBridge = (): NativeBridge => useNative().bridge;

/** Saves something to a file of the person's choice. Resolves to false when he changed his mind. */
export function useSaveFile(): (blob: Blob, name: string) => Promise<boolean> {
  const bridge = useBridge();
  return useCallback(
    async (blob, name) => {
      const bytes = new Uint8Array(await blob.arrayBuffer());
      const { saved } = await bridge.saveFile({ name, type: blob.type || 'application/octet-stream', bytes });
      return saved;
    },
    [bridge],
  );
}

/** While `on` anywhere in this window, the display does not go dark: somebody watches without touching anything. */
export function useDisplayAwake(on: boolean): void {
  const { holdAwake } = useNative();
  useEffect(() => (on ? holdAwake() : undefined), [holdAwake, on]);
}
