/** Waits for what another process or connection brings about; Jest's own timeout is the only limit. */

import { setTimeout as sleep } from "node:timers/promises";

/** Asks again and again, so long after each answer, until that is neither null nor false, and gives it. */
export async function eventually<T>(ask: () => Promise<T | null | false>, pauseMs = 5): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
    await sleep(pauseMs);
  }
}
