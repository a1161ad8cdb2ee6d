/** Waits for what another process or connection brings about; Jest's own timeout is the only limit. */

import { setTimeout as sleep } from "node:timers/promises";

/** Asks again and again until the answer is neither null nor false, and gives it. */
export async function eventually<T>(ask: () => Promise<T | null | false>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
    await sleep(5);
  }
}
