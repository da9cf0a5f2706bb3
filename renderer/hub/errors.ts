/** What the hub, or the way to it, answered instead of a result. `code` is translated (`errors:<code>`). */
export class HubError extends Error {
  readonly code: string;
  readonly status: number;
  readonly params: Readonly<Record<string, string | number>>;

  /** @param status HTTP status; 0 when the hub could not be reached at all. */
  constructor(code: string, status: number, message: string, params: Record<string, string | number> = {}) {
    super(message);
    this.name = 'HubError';
    this.code = code;
    this.status = status;
    this.params = params;
  }
}

/** Whether asking again later may help: the hub is away or busy, as against a refusal. */
export function isPassing(error: unknown): boolean {
  return error instanceof HubError && (error.status === 0 || error.status === 502 || error.status === 503);
}
