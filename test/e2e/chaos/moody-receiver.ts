/** A receiver of webhooks that fails now and then, from a seed: it says so, says nothing, or hangs up. Mutable. */

import { Random } from "../../../src/app/demo/random.ts";
import { status, WebhookReceiver, type ReceivedRequest, type ReceiverAnswer } from "../../support/webhook-receiver.ts";

/** Of a destination: a request that is not answered has failed after so long. */
export const TIMEOUT_MS = 1000;
/** More than the failures of one webhook. */
export const RETRIES = 10;
const FAILURES_MAX = 2;
const FAILING = 0.12;

export class MoodyReceiver {
  readonly #receiver = new WebhookReceiver();
  readonly #random: Random;
  readonly #failures = new Map<string, number>();
  /** Ids of webhooks that it has taken. */
  readonly taken = new Set<string>();

  constructor(seed: number) {
    this.#random = new Random(seed);
    this.#receiver.answer = (response, count) => this.#answer(response, count);
  }

  get url(): string {
    return this.#receiver.url;
  }

  get requests(): readonly ReceivedRequest[] {
    return this.#receiver.requests;
  }

  get failures(): number {
    return [...this.#failures.values()].reduce((sum, failures) => sum + failures, 0);
  }

  async start(): Promise<void> {
    await this.#receiver.start();
  }

  async stop(): Promise<void> {
    await this.#receiver.stop();
  }

  #answer(response: Parameters<ReceiverAnswer>[0], count: number): void {
    const id = String(this.#receiver.requests.at(-1)!.headers["webhook-id"]);
    const failures = this.#failures.get(id) ?? 0;
    if (failures < FAILURES_MAX && this.#random.chance(FAILING)) {
      this.#failures.set(id, failures + 1);
      this.#random.pick(FAILURES)(response, count);
      return;
    }
    this.taken.add(id);
    status(204)(response, count);
  }
}

const FAILURES: readonly ReceiverAnswer[] = [
  status(500),
  status(503, { "retry-after": "1" }),
  (response) => void response.destroy(),
  () => undefined,
];
