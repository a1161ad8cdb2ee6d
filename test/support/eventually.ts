/** Waits for what another process or connection brings about; Jest's own timeout is the only limit. */

import { setTimeout as sleep } from "node:timers/promises";

/** Asks again and again until the answer is not null, and gives it. */
export async function eventually<T>(ask: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    await sleep(5);
  }
}
