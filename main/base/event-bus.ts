/**
 * Tells, never steers: whoever hears an event looks up the truth itself. Delivery is synchronous and in
 * order of subscription; a listener that throws is a bug and is handed to `onError`, the others still hear.
 */
export interface EventBus<Events> {
  emit<K extends keyof Events>(name: K, event: Events[K]): void;
  on<K extends keyof Events>(name: K, listener: (event: Events[K]) => void): () => void;
}

export function createEventBus<Events>(
  onError: (name: PropertyKey, error: unknown) => void,
): EventBus<Events> {
  const listeners = new Map<keyof Events, Set<(event: never) => void>>();
  return {
    emit(name, event) {
      for (const listener of [...(listeners.get(name) ?? [])]) {
        try {
          (listener as (event: unknown) => void)(event);
        } catch (error) {
          onError(name, error);
        }
      }
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener as (event: never) => void);
      return () => set.delete(listener as (event: never) => void);
    },
  };
}
