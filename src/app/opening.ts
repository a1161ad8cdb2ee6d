/** What the parts of the service are opened with, and what they tell while they open and run. */

import type { Clock } from "../engine/ports.ts";
import type { Config } from "./config.ts";
import type { Logger } from "./logger.ts";
import type { Readiness } from "./readiness.ts";
import type { Resources } from "./resources.ts";

export interface Opening {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  /** What is opened goes in here, from the bottom up; it is closed from the top down. */
  readonly resources: Resources;
  readonly readiness: Readiness;
  readonly failure: Failure;
  /** Aborted when the service is asked to stop. */
  readonly asked: AbortController;
  /** Aborts when no request is under way any more: nothing is waited for then. */
  readonly stopping: AbortSignal;
}

/** The first thing that went wrong for good. Mutable until it happens. */
export class Failure {
  readonly happened: Promise<Error>;
  #resolve: (error: Error) => void = () => undefined;

  constructor() {
    this.happened = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  happen(error: unknown): void {
    this.#resolve(error instanceof Error ? error : new Error(String(error)));
  }
}
