/** What the delivery worker may be tuned by, with the defaults and their reasons. */

export interface DeliverySettings {
  /** Attempts at once. */
  readonly concurrency: number;
  /** Of these, to one destination: one that hangs must not stop the others. */
  readonly perDestination: number;
  /** How long a delivery waits inside the worker for its destination's turn, before it goes back to the queue. */
  readonly patienceMs: number;
  readonly backoff: Backoff;
  /** The longest wait that an endpoint may ask for with Retry-After. */
  readonly retryAfterMaxMs: number;
  /** How long an attempt of a process that died stays taken. Renewed at half of it, so it bounds what may block us. */
  readonly lockMs: number;
  /** How often attempts of dead processes are looked for. */
  readonly stalledCheckMs: number;
  /** How long attempts under way may go on once the worker is asked to close; what is not done then is done next time. */
  readonly closeGraceMs: number;
}

/** The wait before retry n is random in [0, min(maxMs, baseMs · 2ⁿ)). */
export interface Backoff {
  readonly baseMs: number;
  readonly maxMs: number;
}

const SECOND = 1000;
const HOUR = 3600 * SECOND;

export const DEFAULT_DELIVERY_SETTINGS: DeliverySettings = {
  concurrency: 100, // sockets, not threads; the queue itself gives 1,500 a second
  perDestination: 32,
  patienceMs: 200,
  backoff: { baseMs: 2 * SECOND, maxMs: HOUR }, // eight retries reach over some minutes, fifteen over hours
  retryAfterMaxMs: HOUR,
  lockMs: 15 * SECOND,
  stalledCheckMs: 5 * SECOND,
  closeGraceMs: 5 * SECOND,
};
