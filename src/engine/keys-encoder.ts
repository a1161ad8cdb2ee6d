/**
 * Encodes what operators had by key at a barrier, a few keys at a time, while records go on: in the thread that the keys are with.
 * Mutable.
 */

import { KEY_GROUPS } from "../core/key-group.ts";
import type { CapturedGroup } from "../stream/key-capture.ts";
import type { CapturedOperator } from "../stream/task-snapshot.ts";
import { layoutIn, type CapturePlan } from "./capture-plan.ts";
import { keysPart } from "./checkpoint-parts.ts";
import { encodedPart, PIECE_CHARS, unchanged, type EncodedPart, type PieceText } from "./part-text.ts";

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
      const groups = keys.flatMap((captured) => [...captured.groups()]).sort(([a], [b]) => a - b);
      if (layoutIn(this.#plan, name) === "groups") yield* inGroups(name, new Map(groups));
      else yield inOne(name, groups.map(([, group]) => group)); // prettier-ignore
    }
  }
}

function inOne(operator: string, groups: readonly CapturedGroup[]): EncodedPart {
  const gone = groups.flatMap((group) => group.gone);
  const keys = groups.flatMap((group) => group.keys);
  const isWhole = groups.some((group) => group.isWhole);
  return encodedPart({ name: keysPart(operator), keyGroup: null, isWhole, pieces: keyPieces({ gone, keys }) });
}

function* inGroups(operator: string, said: ReadonlyMap<number, CapturedGroup>): Generator<EncodedPart> {
  const name = keysPart(operator);
  for (let keyGroup = 0; keyGroup < KEY_GROUPS; keyGroup++) {
    const group = said.get(keyGroup);
    yield encodedPart(
      group === undefined
        ? { ...unchanged(name), keyGroup }
        : { name, keyGroup, isWhole: group.isWhole, pieces: keyPieces(group) },
    );
  }
}

function keyPieces({ gone, keys }: Pick<CapturedGroup, "gone" | "keys">): readonly PieceText[] {
  if (gone.length === 0 && keys.length === 0) return [];
  const pieces: PieceText[] = [];
  let [from, chars] = [0, gone.reduce((sum, text) => sum + text.length, 0)];
  const end = (to: number): void => {
    const first = pieces.length === 0 ? gone : [];
    const body = `{"gone":[${first.join(",")}],"keys":[${keys.slice(from, to).join(",")}]}`;
    pieces.push({ body, keys: to - from + first.length });
    [from, chars] = [to, 0];
  };
  for (const [index, text] of keys.entries()) {
    if (chars + text.length > PIECE_CHARS && index > from) end(index);
    chars += text.length;
  }
  end(keys.length);
  return pieces;
}
