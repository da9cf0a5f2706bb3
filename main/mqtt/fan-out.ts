import mqemitter from 'mqemitter';
import { filterMatches } from './topics.ts';

export interface FanOut {
  readonly emitter: mqemitter.MQEmitter;
  /** Is anybody there who subscribed what this topic falls under? Whom the library keeps things for while he is away is not. */
  hears(topic: string): boolean;
}

/**
 * Hands messages to local listeners without waiting for them: a program that reads slowly or hangs must not hold
 * up the devices whose messages it hears. What it does not take in time piles up at its own connection alone.
 */
export function createFanOut(): FanOut {
  // 0: no limit of messages on their way. MQTT 3.1.1 section 4.7.1: levels may be empty.
  const emitter = mqemitter({ concurrency: 0, matchEmptyLevels: true });
  const emit = emitter.emit.bind(emitter);
  emitter.emit = (message, done) => {
    emit(message);
    done?.();
  };

  type Listener = Parameters<typeof emitter.on>[1];
  const exact = new Map<string, Set<Listener>>();
  const wild = new Map<string, Set<Listener>>();
  const of = (filter: string) => (/[+#]/.test(filter) ? wild : exact);
  const on = emitter.on.bind(emitter);
  emitter.on = (filter, listener, done) => {
    const listeners = of(filter).get(filter);
    if (listeners) listeners.add(listener);
    else of(filter).set(filter, new Set([listener]));
    on(filter, listener, done);
    return emitter;
  };
  const removeListener = emitter.removeListener.bind(emitter);
  emitter.removeListener = (filter, listener, done) => {
    // Told twice by the library when it is asked twice.
    const listeners = of(filter).get(filter);
    listeners?.delete(listener);
    if (listeners?.size === 0) of(filter).delete(filter);
    removeListener(filter, listener, done);
  };

  return {
    emitter,
    hears(topic) {
      if (exact.has(topic)) return true;
      const ofBroker = topic.startsWith('$');
      // The library's own `$SYS` filters are always there, and asked for every message.
      for (const filter of wild.keys())
        if (filter.startsWith('$') === ofBroker && filterMatches(filter, topic)) return true;
      return false;
    },
  };
}
