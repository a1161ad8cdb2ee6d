import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Alert } from "../../src/engine/output.ts";
import type { StoredAlert } from "../../src/engine/ports.ts";
import { followAlerts, type FeedItem } from "../../src/http/alert-feed.ts";

/** A store and its commits: what is committed is first there to read, then told. */
class Commits {
  readonly alerts: StoredAlert[] = [];
  readonly #listeners = new Set<(alerts: readonly StoredAlert[]) => void>();
  onRead: () => void = () => {};

  commit(count: number): void {
    if (count === 0) return;
    const added = Array.from({ length: count }, () => this.#add());
    for (const listener of this.#listeners) listener(added);
  }

  follow(after: number, { signal, quietAfterMs = 60_000 }: { signal: AbortSignal; quietAfterMs?: number }) {
    return followAlerts({ service: this, reader: this, after, quietAfterMs, signal });
  }

  onAlerts(listener: (alerts: readonly StoredAlert[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async after(sequence: number, limit: number): Promise<readonly StoredAlert[]> {
    const found = this.alerts.filter((stored) => stored.sequence > sequence).slice(0, limit);
    this.onRead(); // between the look and its answer: the moment that a hand-over would lose
    await Promise.resolve();
    return found;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Sequences have gaps, as a database's do. */
  #add(): StoredAlert {
    const sequence = (this.alerts.at(-1)?.sequence ?? 0) + 1 + (this.alerts.length % 2);
    const stored = { sequence, alert: { id: `a${sequence}` } as Alert };
    this.alerts.push(stored);
    return stored;
  }
}

async function readUntil(feed: AsyncIterable<FeedItem>, last: number): Promise<number[]> {
  const seen: number[] = [];
  for await (const item of feed) {
    if (item.kind === "alerts") seen.push(...item.alerts.map((stored) => stored.sequence));
    if ((seen.at(-1) ?? 0) >= last) break;
  }
  return seen;
}

test("every alert after the start comes once and in order, whenever it is committed", async () => {
  const schedule = fc.record({
    before: fc.nat(250),
    after: fc.nat(250),
    duringReads: fc.array(fc.nat(130), { maxLength: 6 }),
    later: fc.array(fc.integer({ min: 1, max: 130 }), { minLength: 1, maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(schedule, async ({ before, after, duringReads, later }) => {
      const commits = new Commits();
      commits.commit(before);
      const pending = [...duringReads];
      commits.onRead = () => commits.commit(pending.shift() ?? 0);
      const total = before + duringReads.reduce((sum, n) => sum + n, 0) + later.reduce((sum, n) => sum + n, 0);
      const lastSequence = total + Math.floor(total / 2);
      const start = Math.min(after, lastSequence - 1);
      const feed = commits.follow(start, { signal: new AbortController().signal });

      const reading = readUntil(feed, lastSequence);
      for (const count of later) {
        await new Promise(setImmediate);
        commits.commit(count);
      }
      while (pending.length > 0) commits.commit(pending.shift()!);

      expect(await reading).toEqual(commits.alerts.map(({ sequence }) => sequence).filter((s) => s > start));
    }),
    { numRuns: 60 },
  );
});

test("silence is told, so that the line can be kept open", async () => {
  const commits = new Commits();
  const feed = commits.follow(0, { signal: new AbortController().signal, quietAfterMs: 1 });
  expect((await feed.next()).value).toEqual({ kind: "quiet" });
  commits.commit(1);
  expect((await feed.next()).value).toMatchObject({ kind: "alerts" });
  await feed.return(undefined);
});

test("the feed ends with its signal, and leaves no listener behind", async () => {
  const commits = new Commits();
  const stop = new AbortController();
  const reading = readUntil(commits.follow(0, { signal: stop.signal }), Number.POSITIVE_INFINITY);
  await new Promise(setImmediate);
  expect(commits.listeners).toBe(1);
  stop.abort();
  expect(await reading).toEqual([]);
  expect(commits.listeners).toBe(0);
});
