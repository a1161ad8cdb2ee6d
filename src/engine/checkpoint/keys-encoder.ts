/**
 * Encodes what operators had by key at a barrier, a few keys at a time, while records go on: in the thread that the keys are with.
 * Mutable.
 */

import { KEY_GROUPS } from "../../core/key-group.ts";
import type { CapturedGroup } from "../../stream/state/key-capture.ts";
import type { CapturedOperator } from "../../stream/task/task-snapshot.ts";
import { layoutIn, type CapturePlan } from "./capture-plan.ts";
import { keysPart } from "./checkpoint-parts.ts";
import type { NewChunk } from "./checkpoint-port.ts";
import { chunkOf, PIECE_CHARS, type EncodedPart, type PieceText } from "./part-text.ts";

export class KeysEncoder {
  readonly #plan: CapturePlan;
  readonly #steps: Generator<EncodedPart | null, void>;
  #isOver = false;

  constructor(operators: readonly CapturedOperator[], plan: CapturePlan) {
    this.#plan = plan;
    this.#steps = this.#encoding(operators);
  }

  /** There is nothing left to encode. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Some more, without a break; gives a part when it is complete. */
  step(): EncodedPart | null {
    const { done, value } = this.#steps.next();
    this.#isOver = done === true;
    return value ?? null;
  }

  *#encoding(operators: readonly CapturedOperator[]): Generator<EncodedPart | null, void> {
    for (const { name, keys } of operators) {
      if (keys.length === 0) continue;
      for (const captured of keys) while (!captured.encodeSome(this.#plan.keysAtOnce)) yield null;
      const groups = new Map(keys.flatMap((captured) => [...captured.groups()]).sort(([a], [b]) => a - b));
      if (layoutIn(this.#plan, name) === "groups") yield* inGroups(name, groups);
      else yield* inOne(name, [...groups.values()]);
    }
  }
}

function* inOne(operator: string, groups: readonly CapturedGroup[]): Generator<EncodedPart | null> {
  const gone = groups.flatMap((group) => group.gone);
  const keys = groups.flatMap((group) => group.keys);
  const isWhole = groups.some((group) => group.isWhole);
  const chunks = yield* chunksOf({ gone, keys });
  yield { name: keysPart(operator), keyGroup: null, isWhole, chunks };
}

function* inGroups(operator: string, said: ReadonlyMap<number, CapturedGroup>): Generator<EncodedPart | null> {
  const name = keysPart(operator);
  for (let keyGroup = 0; keyGroup < KEY_GROUPS; keyGroup++) {
    const group = said.get(keyGroup);
    const chunks = group === undefined ? [] : yield* chunksOf(group);
    yield { name, keyGroup, isWhole: group?.isWhole ?? false, chunks };
  }
}

/** With a break after each but the last. */
function* chunksOf(group: Pick<CapturedGroup, "gone" | "keys">): Generator<null, NewChunk[]> {
  const chunks: NewChunk[] = [];
  for (const piece of keyPieces(group)) {
    if (chunks.length > 0) yield null;
    chunks.push(chunkOf(piece));
  }
  return chunks;
}

function* keyPieces({ gone, keys }: Pick<CapturedGroup, "gone" | "keys">): Generator<PieceText> {
  let left = gone;
  let [from, chars] = [0, gone.reduce((sum, text) => sum + text.length, 0)];
  const pieceTo = (to: number): PieceText => {
    const body = `{"gone":[${left.join(",")}],"keys":[${keys.slice(from, to).join(",")}]}`;
    const piece = { body, keys: to - from + left.length };
    [left, from, chars] = [[], to, 0];
    return piece;
  };
  for (const [index, text] of keys.entries()) {
    if (chars + text.length > PIECE_CHARS && index > from) yield pieceTo(index);
    chars += text.length;
  }
  if (from < keys.length || left.length > 0) yield pieceTo(keys.length);
}
