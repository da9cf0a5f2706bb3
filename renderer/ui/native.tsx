import { createContext, type ReactNode, useCallback, useContext, useEffect } from 'react';
import type { NativeBridge } from '../../native-bridge/index.ts';

const Bridge = createContext<NativeBridge | null>(null);

/** Gives the console the machine it runs on: the desktop program or a browser, it never knows which. */
export function BridgeProvider({ bridge, children }: { bridge: NativeBridge; children: ReactNode }) {
  return <Bridge value={bridge}>{children}</Bridge>;
}

export function useBridge(): NativeBridge {
  const bridge = useContext(Bridge);
  if (!bridge) throw new Error('the console was put together without a bridge');
  return bridge;
}

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

/** While `on`, the display does not go dark: somebody watches without touching anything. */
export function useDisplayAwake(on: boolean): void {
  const bridge = useBridge();
  useEffect(() => {
    if (!on) return;
    void bridge.keepDisplayAwake({ on: true });
    return () => void bridge.keepDisplayAwake({ on: false });
  }, [bridge, on]);
}
