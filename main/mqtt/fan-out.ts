import mqemitter from 'mqemitter';

/**
 * Hands messages to local listeners without waiting for them: a program that reads slowly or hangs must not hold
 * up the devices whose messages it hears. What it does not take in time piles up at its own connection alone.
 */
export function createFanOut(): mqemitter.MQEmitter {
  // 0: no limit of messages on their way. MQTT 3.1.1 section 4.7.1: levels may be empty.
  const emitter = mqemitter({ concurrency: 0, matchEmptyLevels: true });
  const emit = emitter.emit.bind(emitter);
  emitter.emit = (message, done) => {
    emit(message);
    done?.();
  };
  return emitter;
}
