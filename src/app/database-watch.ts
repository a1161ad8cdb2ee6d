/** Asks the database every few seconds whether it is there: a connection that hangs says nothing by itself. */

import { setTimeout as sleep } from "node:timers/promises";

const EVERY_MS = 5_000;
const ANSWERS_WITHIN_MS = 5_000;

/** Calls `changed` when it stops or starts to answer; gives the function that ends the watch. */
export function watchDatabase(ask: () => Promise<unknown>, changed: (isThere: boolean) => void): () => Promise<void> {
  const stop = new AbortController();
  const watching = watch({ ask, changed, signal: stop.signal });
  return async () => {
    stop.abort();
    await watching;
  };
}

async function watch({
  ask,
  changed,
  signal,
}: {
  ask: () => Promise<unknown>;
  changed: (isThere: boolean) => void;
  signal: AbortSignal;
}): Promise<void> {
  let wasThere = true;
  while (!signal.aborted) {
    await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    const isThere = await answers(ask(), signal);
    if (isThere !== wasThere && !signal.aborted) changed(isThere);
    wasThere = isThere;
  }
}

async function answers(answer: Promise<unknown>, signal: AbortSignal): Promise<boolean> {
  const tooLong = new AbortController();
  const late = sleep(ANSWERS_WITHIN_MS, false, { signal: AbortSignal.any([signal, tooLong.signal]), ref: false });
  const isThere = await Promise.race([answer.then(() => true), late]).catch(() => false);
  tooLong.abort();
  await late.catch(() => undefined);
  return isThere;
}
