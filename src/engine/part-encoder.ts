/** Encodes what was captured at a barrier as the texts of a checkpoint's parts, in slices, while records go on. */

import { KEY_GROUPS } from "../core/key-group.ts";
import type { CapturedGroup } from "../stream/key-capture.ts";
import type { OperatorSnapshot } from "../stream/snapshot.ts";
import type { CapturedOperator } from "../stream/task-snapshot.ts";
import {
  doorPart,
  keysPart,
  PART,
  waitingPart,
  type CountsChunk,
  type DefinitionsChunk,
  type DoorChunk,
  type JobChunk,
  type SuppressionChunk,
} from "./checkpoint-parts.ts";
import type { KeyLayout, MachineCapture } from "./checkpoint-writer.ts";
import type { SuppressionChanges, SuppressionSnapshot } from "./suppression.ts";
import { SNAPSHOT_FORMAT, type BranchSnapshot } from "./snapshot.ts";

export interface PartText {
  readonly name: string;
  readonly keyGroup: number | null;
  /** Whether it is all of the part, or what has changed; no pieces where nothing has. */
  readonly isWhole: boolean;
  readonly pieces: readonly { readonly body: string; readonly keys: number }[];
}

/** A chunk is cut here: well below the most that one may have, whatever the characters. */
const PIECE_CHARS = 16 * 1024 * 1024;
/** Identities, or suppressed keys, in one chunk. */
const ENTRIES_IN_A_PIECE = 100_000;

export class PartEncoder {
  readonly #capture: MachineCapture;
  readonly #turn: () => Promise<void>;
  readonly #keysAtOnce: number;

  constructor({
    capture,
    turn,
    keysAtOnce,
  }: {
    readonly capture: MachineCapture;
    readonly turn: () => Promise<void>;
    readonly keysAtOnce: number;
  }) {
    this.#capture = capture;
    this.#turn = turn;
    this.#keysAtOnce = keysAtOnce;
  }

  async *parts(): AsyncGenerator<PartText> {
    const { engine, doors } = this.#capture;
    const { streams, rules, draining, versions, origins, lists, suppression, job } = engine;
    const branches = Object.fromEntries(
      [...rules, ...draining].map(({ branch, counters, faults }) => [branch, { counters, faults }]),
    );
    const definitions: DefinitionsChunk = {
      format: SNAPSHOT_FORMAT,
      rules: rules.map(uncounted),
      draining: draining.map(uncounted),
      versions,
      origins,
    };
    yield whole(PART.definitions, definitions);
    yield whole(PART.counts, { streams, branches } satisfies CountsChunk);
    yield lists === null ? unchanged(PART.lists) : whole(PART.lists, lists);
    yield suppressionText(suppression);
    for (const [stream, changes] of doors) {
      await this.#turn();
      const { isWhole, identities, ...rest } = changes;
      // Without identities too: the other fields are told by the last chunk.
      const pieces = (identities.length === 0 ? [identities] : sliced(identities)).map((slice) => ({
        body: JSON.stringify({ ...rest, identities: slice } satisfies DoorChunk),
        keys: slice.length,
      }));
      yield { name: doorPart(stream), keyGroup: null, isWhole, pieces };
    }
    const operators = job?.operators.flatMap(({ name, rest }) =>
      rest === null ? [] : [[name, unwaiting(rest)] as const],
    );
    const jobChunk: JobChunk =
      job === null
        ? null
        : { format: job.format, processingTime: job.processingTime, operators: Object.fromEntries(operators!) };
    yield whole(PART.job, jobChunk);
    for (const operator of job?.operators ?? []) {
      if ((operator.rest?.waiting?.length ?? 0) > 0) yield await this.#waitingOf(operator);
      if (operator.keys.length > 0) yield* this.#keysOf(operator);
    }
  }

  async #waitingOf({ name, rest }: CapturedOperator): Promise<PartText> {
    const texts: string[] = [];
    for (const [index, record] of rest!.waiting!.entries()) {
      texts.push(JSON.stringify(record));
      if (index % this.#keysAtOnce === 0) await this.#turn();
    }
    return { name: waitingPart(name), keyGroup: null, isWhole: true, pieces: cut(`[${texts.join(",")}]`) };
  }

  async *#keysOf({ name, keys }: CapturedOperator): AsyncGenerator<PartText> {
    for (const captured of keys) while (!captured.encodeSome(this.#keysAtOnce)) await this.#turn();
    const layout: KeyLayout = this.#capture.layouts.get(name)!;
    const groups = keys.flatMap((captured) => [...captured.groups()]).sort(([a], [b]) => a - b);
    if (layout === "one") {
      const all = groups.map(([, group]) => group);
      yield {
        name: keysPart(name),
        keyGroup: null,
        isWhole: all.some(({ isWhole }) => isWhole),
        pieces: keyPieces({ gone: all.flatMap(({ gone }) => gone), keys: all.flatMap((group) => group.keys) }),
      };
      return;
    }
    const said = new Map(groups);
    for (let keyGroup = 0; keyGroup < KEY_GROUPS; keyGroup++) {
      const group = said.get(keyGroup);
      if (group === undefined) yield { ...unchanged(keysPart(name)), keyGroup };
      else yield { name: keysPart(name), keyGroup, isWhole: group.isWhole, pieces: keyPieces(group) };
    }
  }
}

/** Of a part that is there once, and whose pieces are read as one text. */
function whole(name: string, chunk: unknown): PartText {
  return { name, keyGroup: null, isWhole: true, pieces: cut(JSON.stringify(chunk)) };
}

function unchanged(name: string): PartText {
  return { name, keyGroup: null, isWhole: false, pieces: [] };
}

function cut(text: string): PartText["pieces"] {
  const pieces: { body: string; keys: number }[] = [];
  for (let from = 0; from < text.length;) {
    // Not in the middle of a character that takes two places.
    const isPair = /[\ud800-\udbff]/.test(text[from + PIECE_CHARS - 1] ?? "");
    const to = from + PIECE_CHARS - (isPair ? 1 : 0);
    pieces.push({ body: text.slice(from, to), keys: 0 });
    from = to;
  }
  return pieces;
}

function keyPieces({ gone, keys }: Pick<CapturedGroup, "gone" | "keys">): PartText["pieces"] {
  if (gone.length === 0 && keys.length === 0) return [];
  const pieces: { body: string; keys: number }[] = [];
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

function suppressionText({ isWhole, removed, rules }: SuppressionChanges): PartText {
  const slices = rules.flatMap(([rule, { sent, held }]): SuppressionSnapshot[number][] => [
    ...sliced(sent).map((slice) => [rule, { sent: slice, held: [] }] as const),
    ...sliced(held).map((slice) => [rule, { sent: [], held: slice }] as const),
  ]);
  const pieces: { body: string; keys: number }[] = [];
  for (let from = 0; from < slices.length || (from === 0 && removed.length > 0);) {
    let [to, keys] = [from, 0];
    do keys += entriesOf(slices[to++]);
    while (to < slices.length && keys + entriesOf(slices[to]) <= ENTRIES_IN_A_PIECE);
    const chunk: SuppressionChunk = { removed: from === 0 ? removed : [], rules: slices.slice(from, to) };
    pieces.push({ body: JSON.stringify(chunk), keys });
    from = to;
  }
  return { name: PART.suppression, keyGroup: null, isWhole, pieces };
}

function entriesOf(slice: SuppressionSnapshot[number] | undefined): number {
  return slice === undefined ? 0 : slice[1].sent.length + slice[1].held.length;
}

function uncounted<B extends BranchSnapshot>(branch: B): Omit<B, "counters" | "faults"> {
  const { counters: _, faults: __, ...rest } = branch;
  return rest;
}

function unwaiting(snapshot: OperatorSnapshot): OperatorSnapshot {
  const { waiting: _, ...rest } = snapshot;
  return rest;
}

function sliced<T>(entries: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(entries.length / ENTRIES_IN_A_PIECE) }, (_, i) =>
    entries.slice(i * ENTRIES_IN_A_PIECE, (i + 1) * ENTRIES_IN_A_PIECE),
  );
}
