import { messageOf } from './errors.ts';

/** Something started that must be stopped. `stop` may be called once and waits until all is released. */
export interface Stoppable {
  stop(): Promise<void> | void;
}

/**
 * Collects what was started, in order, and stops it in reverse. One failure does not keep the rest
 * from being stopped; all failures are thrown together at the end.
 */
export class Lifecycle implements Stoppable {
  #entries: { name: string; stop: () => Promise<void> | void }[] = [];
  #stopping: Promise<void> | undefined;

  /** Registers `item` the moment it exists and hands it back. */
  own<T extends Stoppable>(name: string, item: T): T {
    this.onStop(name, () => item.stop());
    return item;
  }

  onStop(name: string, stop: () => Promise<void> | void): void {
    if (this.#stopping) throw new Error(`${name} was started while stopping`);
    this.#entries.push({ name, stop });
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    const failures: string[] = [];
    for (const entry of this.#entries.reverse()) {
      try {
        await entry.stop();
      } catch (error) {
        failures.push(`${entry.name}: ${messageOf(error)}`);
      }
    }
    this.#entries = [];
    if (failures.length > 0) throw new Error(`not everything stopped: ${failures.join('; ')}`);
  }
}
