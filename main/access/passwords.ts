import { hash, parseOptions, verify } from '@node-rs/argon2';
import { AppError } from '../base/errors.ts';
import { newSecret } from '../base/ids.ts';

/** OWASP's parameters for argon2id (Password Storage Cheat Sheet): 19 MiB, 2 passes, 1 lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** The thread pool is shared with files: recording must not wait for people who guess. */
const AT_ONCE = 2;
const MOST_WAITING = 64;

export interface Passwords {
  /** PHC string of argon2id. @throws AppError `busy` */
  hash(password: string): Promise<string>;
  /** Takes the same work for a person who does not exist (`stored` undefined or empty). @throws AppError `busy` */
  verify(stored: string | undefined, password: string): Promise<boolean>;
  /** Was it stored with other parameters than today's? */
  outdated(stored: string): boolean;
}

/** Hashing off the main thread, a few at a time. */
export async function createPasswords(): Promise<Passwords> {
  let running = 0;
  const queue: (() => void)[] = [];

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= AT_ONCE) {
      if (queue.length >= MOST_WAITING)
        throw new AppError('busy', 503, 'Too many people are signing in right now. Try again in a moment.');
      // Whoever ends hands his place over, so that `running` stays as it is.
      await new Promise<void>((resolve) => queue.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  }

  const nobody = await hash(newSecret(), COST);
  return {
    hash: (password) => inTurn(() => hash(password, COST)),
    async verify(stored, password) {
      const right = await inTurn(() => verify(stored || nobody, password));
      return right && Boolean(stored);
    },
    outdated(stored) {
      const found = parseOptions(stored);
      return (
        found.memoryCost !== COST.memoryCost ||
        found.timeCost !== COST.timeCost ||
        found.parallelism !== COST.parallelism
      );
    },
  };
}
