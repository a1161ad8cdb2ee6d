/** Encodes what was captured at a barrier beside the keys, as the texts of a checkpoint's parts, while records go on. */

import type { OperatorSnapshot } from "../../stream/task/snapshot.ts";
import type { CapturedOperator } from "../../stream/task/task-snapshot.ts";
import {
  doorPart,
  PART,
  waitingPart,
  type CountsChunk,
  type DefinitionsChunk,
  type DoorChunk,
  type JobChunk,
  type SuppressionChunk,
} from "./checkpoint-parts.ts";
import type { EngineCapture } from "./engine-capture.ts";
import type { MachineCapture } from "./machine.ts";
import { PIECE_CHARS, unchanged, whole, type PartText, type PieceText } from "./part-text.ts";
import type { SuppressionChanges, SuppressionSnapshot } from "../rules/suppression.ts";
import { SNAPSHOT_FORMAT, type BranchSnapshot } from "./snapshot.ts";

/** Identities, or suppressed keys, in one chunk. */
const ENTRIES_IN_A_PIECE = 100_000;
/** Records that wait, encoded without a break. */
const WAITING_AT_ONCE = 256;

/** With a `turn` for everybody else between the larger ones. */
export async function* partTexts(
  { engine, doors }: MachineCapture,
  turn: () => Promise<void>,
): AsyncGenerator<PartText> {
  const { lists, suppression } = engine;
  yield whole(PART.definitions, definitionsChunk(engine));
  yield whole(PART.counts, countsChunk(engine));
  yield lists === null ? unchanged(PART.lists) : whole(PART.lists, lists);
  yield suppressionText(suppression);
  for (const [stream, changes] of doors) {
    await turn();
    const { isWhole, identities, ...rest } = changes;
    // Without identities too: the other fields are told by the last chunk.
    const pieces = (identities.length === 0 ? [identities] : sliced(identities)).map((slice) => ({
      body: JSON.stringify({ ...rest, identities: slice } satisfies DoorChunk),
      keys: slice.length,
    }));
    yield { name: doorPart(stream), keyGroup: null, isWhole, pieces };
  }
  yield whole(PART.job, jobChunk(engine));
  for (const operator of engine.job?.operators ?? []) {
    if ((operator.rest?.waiting?.length ?? 0) > 0) yield await waitingText(operator, turn);
  }
}

function definitionsChunk({ rules, draining, versions, origins }: EngineCapture): DefinitionsChunk {
  return {
    format: SNAPSHOT_FORMAT,
    rules: rules.map(uncounted),
    draining: draining.map(uncounted),
    versions,
    origins,
  };
}

function countsChunk({ streams, rules, draining }: EngineCapture): CountsChunk {
  const branches = [...rules, ...draining].map(({ branch, counters, faults }) => [branch, { counters, faults }]);
  return { streams, branches: Object.fromEntries(branches) as CountsChunk["branches"] };
}

function jobChunk({ job }: EngineCapture): JobChunk {
  if (job === null) return null;
  const { operators, ...task } = job;
  const rest = operators.flatMap(({ name, rest }) => (rest === null ? [] : [[name, unwaiting(rest)] as const]));
  return { ...task, operators: Object.fromEntries(rest) };
}

async function waitingText({ name, rest }: CapturedOperator, turn: () => Promise<void>): Promise<PartText> {
  const pieces: PieceText[] = [];
  let text = "[";
  for (const [index, record] of rest!.waiting!.entries()) {
    text += `${index === 0 ? "" : ","}${JSON.stringify(record)}`;
    if (index % WAITING_AT_ONCE === 0) await turn();
    if (text.length < PIECE_CHARS) continue;
    pieces.push({ body: text, keys: 0 });
    text = "";
  }
  pieces.push({ body: `${text}]`, keys: 0 });
  return { name: waitingPart(name), keyGroup: null, isWhole: true, pieces };
}

function suppressionText({ isWhole, removed, rules }: SuppressionChanges): PartText {
  const slices = rules.flatMap(([rule, { sent, held }]): SuppressionSnapshot[number][] => [
    ...sliced(sent).map((slice) => [rule, { sent: slice, held: [] }] as const),
    ...sliced(held).map((slice) => [rule, { sent: [], held: slice }] as const),
  ]);
  const pieces: PieceText[] = [];
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
