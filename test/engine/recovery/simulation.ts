/**
 * A service that lives and dies from a seed: random requests, checkpoints, failures, and an end between any two things that come to
 * it; then another life begins, and what got no answer is sent again. What is stored in the end is what a calm run gives (S9.3, S9.19).
 */

import { neededFrom } from "../../../src/app/housekeeping.ts";
import { trimLog } from "../../../src/engine/log/log-retention.ts";
import type { EngineService } from "../../../src/engine/service/service.ts";
import { ShardFailure } from "../../../src/engine/shards/shard-team.ts";
import type { TakenEvents } from "../../support/calm-engine.ts";
import { Random } from "../../support/oracle/random.ts";
import { calmRun, type CalmOutcome } from "./calm-run.ts";
import { injectFaults, isInjected } from "./engine-faults.ts";
import { CALM, randomCharacter, type Character } from "./character.ts";
import { Life, StoreFailure } from "./life.ts";
import { mortalService } from "./mortal-service.ts";
import { mortalStores, worldStores, type MortalStores } from "./mortal-stores.ts";
import { outcomeOf, storedOutcome, type Outcome } from "./outcome.ts";
import { requestsOf, type Request } from "./requests.ts";
import { isPassing, Session } from "./session.ts";
import type { Tally } from "./tally.ts";

export interface SimulationOptions {
  readonly seed: number;
  readonly tally: Tally;
  /** The first life ends at this step, and no other one before its time; absent: lives end at random. */
  readonly endsAt?: number;
  /** About how many requests there are. */
  readonly length?: number;
}

export interface Simulated {
  readonly expected: Outcome;
  readonly found: Outcome;
  /** Of the first life. */
  readonly steps: number;
}

export async function simulate(options: SimulationOptions): Promise<Simulated> {
  const world = new World(options);
  const noMore = injectFaults();
  try {
    return await world.run();
  } finally {
    noMore();
  }
}

const LENGTH = 22;
/** More lives than these get nowhere. */
const LIVES_MAX = 300;

class World {
  readonly #options: SimulationOptions;
  readonly #random: Random;
  readonly #requests: readonly Request[];
  readonly #calm: CalmOutcome;
  readonly #hasSink: boolean;
  readonly #clock = { at: 0, now: (): number => this.#clock.at };
  readonly #stores = worldStores(this.#clock);
  readonly #taken: (TakenEvents | null)[] = [];
  #answered = 0;
  #lives = 0;

  constructor(options: SimulationOptions) {
    const { seed, length = LENGTH } = options;
    this.#options = options;
    this.#random = new Random(seed ^ 0x5eed);
    this.#hasSink = this.#random.chance(0.4);
    this.#requests = requestsOf(new Random(seed), length);
    this.#calm = calmRun(this.#requests);
  }

  async run(): Promise<Simulated> {
    const { tally } = this.#options;
    let steps = 0;
    while (this.#answered < this.#requests.length) {
      if (this.#lives === LIVES_MAX) throw new Error("life after life, and no end of it");
      const life = await this.#live(this.#character());
      if (this.#lives === 1) steps = life.steps;
      if (this.#random.chance(0.2) && this.#mayTear() && this.#stores.checkpoints.tear())
        tally.count("checkpoint torn");
    }
    let found: Omit<Outcome, "taken"> | null = null;
    await this.#live(CALM, async (service) => {
      await service.close();
      found = await storedOutcome(this.#stores, service);
    });
    const expected = outcomeOf(this.#calm, { hasSink: this.#hasSink });
    for (const kind of expected.kinds) tally.count(`alert: ${kind}`);
    tally.count("worlds");
    return { expected, found: { ...found!, taken: this.#takenAsFar(expected) }, steps };
  }

  /** From before a savepoint that is gone there is no way back (S9.20). */
  #mayTear(): boolean {
    return !this.#requests.slice(0, this.#answered + 1).some(({ kind }) => kind === "forget");
  }

  #character(): Character {
    const { endsAt } = this.#options;
    if (endsAt === undefined) return randomCharacter(this.#random);
    return { ...CALM, steps: this.#lives === 0 ? endsAt : Infinity };
  }

  /** `last`: instead of requests. */
  async #live(character: Character, last?: (service: EngineService) => Promise<void>): Promise<Life> {
    const { tally } = this.#options;
    this.#lives++;
    tally.count("lives");
    const life = new Life({ fate: character, random: this.#random, tally });
    let failure: { readonly error: unknown } | null = null;
    const failed = (error: unknown): void => {
      if (isExpected(error)) tally.count(`service stops: ${(error as Error).name}`);
      else failure ??= { error };
      life.end();
    };
    const stores = mortalStores(this.#stores, life);
    const service = mortalService({
      life,
      stores,
      character,
      hasSink: this.#hasSink,
      clock: this.#clock,
      random: this.#random,
      tally,
      failed,
    });
    const visit = async (): Promise<void> => {
      await service.open();
      if (last !== undefined) await last(service);
      else await this.#visit({ service, stores, life, character, failed });
      life.end();
    };
    visit().catch(failed);
    while (!life.isOver) await life.step();
    if (failure !== null) throw (failure as { readonly error: unknown }).error;
    return life;
  }

  async #visit(place: {
    readonly service: EngineService;
    readonly stores: MortalStores;
    readonly life: Life;
    readonly character: Character;
    readonly failed: (error: unknown) => void;
  }): Promise<void> {
    const { service, character, failed } = place;
    const { tally } = this.#options;
    const random = this.#random;
    let trimming = Promise.resolve();
    const session = new Session({ ...place, clock: this.#clock, random, tally });
    for (let left = character.requests; left > 0 && this.#answered < this.#requests.length; left--) {
      if (random.chance(character.checkpoints)) void unlessPassing(service.savepoints!.takeCheckpoint()).catch(failed);
      if (random.chance(character.trims))
        trimming = trimming.then(() => unlessPassing(this.#trim(place.stores))).catch(failed);
      await this.#sendSome(session);
      if (session.hasEnded) break;
    }
    await service.close();
    tally.count("closed in order");
  }

  /** Without waiting for each answer, where they are in one stream that knows its events, whatever the clock says. */
  async #sendSome(session: Session): Promise<void> {
    const from = this.#answered;
    const count = this.#random.between(1, 3);
    let to = from + 1;
    while (to < from + count && isPlain(this.#requests[to - 1]!) && isPlain(this.#requests[to])) to++;
    this.#clock.at = this.#requests[from]!.at;
    const sent = this.#requests.slice(from, to).map(async (request, i) => {
      const taken = await session.perform(request);
      this.#taken[from + i] = taken;
      this.#answered = Math.max(this.#answered, from + i + 1); // answers come in the order of the log
    });
    await Promise.all(sent);
  }

  /** As the service's housekeeping does. */
  async #trim({ log, checkpoints }: MortalStores): Promise<void> {
    const { start } = await this.#stores.log.extent();
    const retention = { maxAgeMs: null, maxBytes: this.#random.pick([0, 500]) };
    const now = await trimLog({ log, retention, floor: await neededFrom(checkpoints), now: 0 });
    if (now > start) this.#options.tally.count("log trimmed");
  }

  /** Only where an answer said so: those of requests without a key depend on how often they were sent. */
  #takenAsFar({ taken }: Outcome): Outcome["taken"] {
    return taken.map((expected, index) => (this.#taken[index] === null ? expected : this.#taken[index]!));
  }
}

async function unlessPassing(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!isPassing(error)) throw error;
  });
}

function isPlain(request: Request | undefined): boolean {
  return request?.kind === "events" && request.key === null;
}

/** What ends a process, and is mended by the next one. */
function isExpected(error: unknown): boolean {
  return error instanceof StoreFailure || error instanceof ShardFailure || isInjected(error) || isPassing(error);
}
