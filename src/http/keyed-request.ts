/**
 * A request with an `Idempotency-Key`, and how much of it the log has: sent again, its documents pass by until those come that
 * were not taken, and what is answered is what it would have been at once. Mutable, one per request.
 */

import { createHash } from "node:crypto";
import { UserError } from "../core/errors.ts";
import type { Json } from "../core/event.ts";
import { computedId } from "../core/ids.ts";
import type { RequestKey, RequestKeys, TakenLines } from "../engine/log/idempotency.ts";
import type { Clock } from "../engine/ports.ts";
import type { Context } from "./context.ts";

export const KEY_HEADER = "idempotency-key";
const KEY = /^[\x21-\x7e]{1,200}$/;

/** Where a request has come to: so many documents, and a digest of them. */
export interface Mark {
  readonly lines: number;
  readonly digest: string;
}

/** The key of the request, or null. `stream` is the one it is for; empty where each event names its own. UserError `bad-idempotency-key`. */
export function requestKey(c: Context, stream: string): RequestKey | null {
  const key = c.req.header(KEY_HEADER);
  if (key === undefined) return null;
  if (!KEY.test(key)) {
    throw new UserError({
      code: "bad-idempotency-key",
      message: `the Idempotency-Key is ${JSON.stringify(key.slice(0, 200))}; expected 1 to 200 visible ASCII characters`,
    });
  }
  const token = c.req.header("authorization");
  return { token: token === undefined ? "" : computedId([token]), stream, key };
}

export class KeyedRequest {
  readonly #key: RequestKey;
  readonly #before: TakenLines | null;
  readonly #clock: Clock;
  readonly #hash = createHash("sha256");
  #lines = 0;

  private constructor({ key, before, clock }: { key: RequestKey; before: TakenLines | null; clock: Clock }) {
    this.#key = key;
    this.#before = before;
    this.#clock = clock;
  }

  static async begin(key: RequestKey, { keys, clock }: { keys: RequestKeys; clock: Clock }): Promise<KeyedRequest> {
    return new KeyedRequest({ key, before: await keys.find(key), clock });
  }

  /** What was taken of it before; null when nothing was. */
  get before(): TakenLines | null {
    return this.#before;
  }

  /** The next document comes. True when it was taken before; UserError `idempotency-key-reused` when it was another one. */
  pass(document: string | Uint8Array): boolean {
    this.#hash.update(document).update("\n");
    this.#lines++;
    if (this.#before === null || this.#lines > this.#before.lines) return false;
    if (this.#lines === this.#before.lines && this.mark().digest !== this.#before.digest) throw this.#reused();
    return true;
  }

  /** No document comes any more. */
  end(): void {
    if (this.#before !== null && this.#lines < this.#before.lines) throw this.#reused();
  }

  mark(): Mark {
    return { lines: this.#lines, digest: this.#hash.copy().digest("hex") };
  }

  taken(mark: Mark, answer: Json): TakenLines {
    return { ...this.#key, ...mark, answer, takenAt: this.#clock.now() };
  }

  #reused(): UserError {
    return new UserError({
      code: "idempotency-key-reused",
      message: `the first ${this.#before!.lines} events under the Idempotency-Key \`${this.#key.key}\` were others`,
      hint: "send the same body again, or give another body a key of its own",
    });
  }
}
