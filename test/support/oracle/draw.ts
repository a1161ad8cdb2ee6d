/** Draws one pattern at random, without asking whether the language accepts it. */

import { isNot } from "./accept.ts";
import type { JsonCondition } from "./condition.ts";
import type { Random } from "./random.ts";
import type { VectorPattern, VectorStage } from "./vector.ts";

export const LETTERS = ["a", "b", "c"] as const;

const NAMES = ["p", "q", "r", "t", "u", "v", "w", "x", "y", "z"] as const;
const DEPTH_MAX = 2;

export function drawPattern(random: Random): VectorPattern {
  return new Draw(random).pattern();
}

/** Mutable: the names that are left. */
class Draw {
  private readonly random: Random;
  private readonly names: string[] = [...NAMES];

  constructor(random: Random) {
    this.random = random;
  }

  pattern(): VectorPattern {
    const stages = this.sequence({ length: this.random.pick([1, 2, 2, 3]), depth: 0 });
    if (this.random.chance(0.55)) stages.push(this.last());
    const needsLimit = stages.at(-1)?.contiguity === "notFollowedBy" && !stages.at(-1)?.gapMs;
    const withinMs = needsLimit || this.random.chance(0.4) ? this.random.between(3, 5) : null;
    return { stages: this.withoutStrangers(stages), withinMs, skip: this.skip(stages) };
  }

  /** A condition drawn early may look at a name that no stage got in the end: it looks at the first stage instead. */
  private withoutStrangers(stages: VectorStage[]): VectorStage[] {
    return JSON.parse(JSON.stringify(stages), (key, value: unknown) =>
      key === "of" && this.names.includes(value as string) ? NAMES[0] : value,
    ) as VectorStage[];
  }

  private sequence({ length, depth }: { length: number; depth: number }): VectorStage[] {
    const stages = [this.taking("begin", depth)];
    while (length-- > 1) {
      if (this.random.chance(0.3)) stages.push(this.not(this.random.pick(["notNext", "notFollowedBy"])));
      stages.push(this.taking(this.random.pick(["next", "followedBy", "followedByAny"]), depth));
    }
    return stages;
  }

  /** A `not` stage at the end: what must not come next, or an absence. */
  private last(): VectorStage {
    const kind = this.random.pick(["next", "within", "gap"]);
    if (kind === "next") return this.not("notNext");
    const stage = this.not("notFollowedBy");
    return kind === "gap" ? { ...stage, gapMs: this.gapMs() } : stage;
  }

  private taking(contiguity: VectorStage["contiguity"], depth: number): VectorStage {
    const isGroup = depth < DEPTH_MAX && this.random.chance(depth === 0 ? 0.3 : 0.4);
    const isRepeated = this.random.chance(0.5);
    return {
      contiguity,
      ...(isGroup ? this.body(depth) : this.named()),
      ...(isRepeated ? this.repetition(isGroup) : {}),
      ...(this.random.chance(0.3) ? { optional: true } : {}),
      // Before the first event there is nothing to keep a distance to.
      ...(this.random.chance(0.2) && (contiguity !== "begin" || isRepeated) ? { gapMs: this.gapMs() } : {}),
    };
  }

  private named(): Pick<VectorStage, "name" | "where"> {
    return { name: this.name(), where: this.condition() };
  }

  private body(depth: number): Pick<VectorStage, "name" | "group"> {
    return { name: null, group: { stages: this.sequence({ length: this.random.pick([1, 2, 2]), depth: depth + 1 }) } };
  }

  private not(contiguity: "notNext" | "notFollowedBy"): VectorStage {
    return { contiguity, name: this.name(), where: this.condition() };
  }

  private repetition(isGroup: boolean): Partial<VectorStage> {
    const quantifier = this.random.pick<VectorStage["quantifier"] & {}>([
      { kind: "times", from: 2, to: 2 },
      { kind: "times", from: 1, to: 2 },
      { kind: "times", from: 2, to: 3 },
      { kind: "oneOrMore" },
      { kind: "timesOrMore", from: 2 },
    ]);
    const isLoop = quantifier.kind !== "times";
    return {
      quantifier,
      ...(!isGroup && this.random.chance(0.4) ? { greedy: true } : {}),
      ...this.random.pick([{}, {}, { consecutive: true }, { allowCombinations: true }]),
      ...(isLoop && this.random.chance(0.4) ? { until: this.condition() } : {}),
    };
  }

  private skip(stages: readonly VectorStage[]): VectorPattern["skip"] {
    const strategy = this.random.pick([
      "noSkip",
      "skipToNext",
      "skipPastLastEvent",
      "skipToFirst",
      "skipToLast",
    ] as const);
    if (strategy !== "skipToFirst" && strategy !== "skipToLast") return { strategy };
    const named = stages.filter((stage) => stage.name !== null && !isNot(stage));
    if (named.length === 0) return { strategy: "noSkip" };
    return {
      strategy,
      pattern: this.random.pick(named).name!,
      ...(this.random.chance(0.6) ? { throwOnMiss: true } : {}),
    };
  }

  private condition(): JsonCondition {
    const [one, other] = this.random.pick([
      ["a", "b"],
      ["b", "c"],
      ["c", "a"],
    ]);
    const letters = this.random.chance(0.6) ? is(one!) : { or: [is(one!), is(other!)] };
    return this.random.chance(0.2) ? { and: [letters, this.iterative()] } : letters;
  }

  /** Looks at what was matched so far, of this stage, an earlier or a later one. */
  private iterative(): JsonCondition {
    const of = this.random.pick(NAMES.slice(0, 4));
    return this.random.chance(0.6)
      ? { lt: [{ count: { of } }, { lit: this.random.between(1, 2) }] }
      : { ne: [{ last: { of, field: "type" } }, { field: "type" }] };
  }

  private name(): string {
    return this.names.shift() ?? "too_many";
  }

  private gapMs(): number {
    return this.random.between(2, 3);
  }
}

function is(letter: string): JsonCondition {
  return { eq: [{ field: "type" }, { lit: letter }] };
}
