/**
 * A fair share of the worker for each destination: one that hangs has its attempts under way and no more, so that the
 * others go on. Who finds its destination's share taken waits a little, which is enough for one that answers; after that
 * it goes back to the queue, for the longer the more have gone before it, and leaves its place in the worker to others.
 */

interface Share {
  underWay: number;
  /** Called when a place is passed on, first come first served. */
  readonly waiting: (() => void)[];
  /** How many have gone back to the queue since a place was last passed on. */
  turnedAway: number;
}

export class FairShare {
  readonly #placesMax: number;
  readonly #patienceMs: number;
  readonly #shares = new Map<string, Share>();

  constructor({ placesMax, patienceMs }: { placesMax: number; patienceMs: number }) {
    this.#placesMax = placesMax;
    this.#patienceMs = patienceMs;
  }

  /** True: in, until `leave`. False: turned away. */
  async enter(name: string): Promise<boolean> {
    const share = this.#shares.get(name) ?? { underWay: 0, waiting: [], turnedAway: 0 };
    this.#shares.set(name, share);
    if (share.underWay < this.#placesMax) {
      share.underWay += 1;
      return true;
    }
    return new Promise((resolve) => {
      const giveUp = setTimeout(() => {
        share.waiting.splice(share.waiting.indexOf(goIn), 1);
        share.turnedAway += 1;
        resolve(false);
      }, this.#patienceMs);
      const goIn = (): void => {
        clearTimeout(giveUp);
        resolve(true);
      };
      share.waiting.push(goIn);
    });
  }

  leave(name: string): void {
    const share = this.#shares.get(name)!;
    const next = share.waiting.shift();
    if (next !== undefined) {
      share.turnedAway = 0;
      next();
    } else if (share.underWay > 1) {
      share.underWay -= 1;
    } else {
      this.#shares.delete(name);
    }
  }

  /** How long one that was turned away stays away; `random` is in [0, 1). */
  awayMs(name: string, random: number): number {
    const turnedAway = this.#shares.get(name)?.turnedAway ?? 0;
    return Math.floor(random * Math.min(AWAY_MAX_MS, turnedAway * AWAY_PER_DELIVERY_MS));
  }
}

/** Spreads ten thousand over a minute: few enough at a time for the queue, and soon over once the destination answers. */
const AWAY_MAX_MS = 60_000;
const AWAY_PER_DELIVERY_MS = 20;
