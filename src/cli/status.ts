/** `tripline status`: how far the running service is, and what troubles it. */

import { count } from "./count.ts";
import { takenText, type Taken } from "./checkpoint.ts";
import { callService, type Shown } from "./service-command.ts";
import { named } from "./table.ts";

export async function status(args: string[]): Promise<number> {
  return await callService(
    "status",
    { takes: [], run: async ({ service }) => shown(await service.get<Status>("/v1/status")) },
    args,
  );
}

interface Status {
  readonly logEnd: number;
  readonly processed: number;
  readonly replaying: boolean;
  readonly lag: { readonly records: number; readonly ms: number };
  readonly counts: Readonly<Record<"rules" | "streams" | "lists" | "keys" | "partialMatches", number>>;
  readonly inputs: readonly Input[];
  readonly checkpoints: Checkpoints | null;
  readonly restarts: number;
  readonly sink: Sink | null;
  readonly troubles: readonly string[];
}

interface Input {
  readonly streams: readonly string[];
  readonly rules: readonly string[];
  readonly watermark: string;
  readonly waiting: number;
  readonly heldBackBy: { readonly stream: string; readonly partition: string | null; readonly since: string } | null;
}

interface Checkpoints {
  readonly completed: number;
  readonly failed: number;
  readonly last: Taken | null;
  readonly lastFailure: { readonly at: string; readonly message: string } | null;
}

interface Sink {
  readonly mode: string;
  readonly state: string;
  readonly waiting: number;
  readonly prepared: number;
  readonly committed: number;
}

function shown(answer: Status): Shown {
  const { logEnd, processed, replaying, lag, counts, inputs, checkpoints, restarts, sink, troubles } = answer;
  return {
    json: answer,
    lines: named([
      ["log", `${count(logEnd, "record")}, ${processed} processed${replaying ? "; it is being read again" : ""}`],
      ["lag", `${count(lag.records, "record")}, ${lag.ms} ms`],
      [
        "state",
        `${count(counts.rules, "rule")}, ${count(counts.streams, "stream")}, ${count(counts.lists, "list")}; ` +
          `${count(counts.keys, "key")} with ${count(counts.partialMatches, "partial match", "partial matches")}`,
      ],
      ["watermarks", ...(inputs.length === 0 ? ["no rule reads a stream"] : inputs.map(inputText))],
      ["checkpoints", ...checkpointLines(checkpoints)],
      ["alert sink", ...sinkLines(sink)],
      ["restarts", String(restarts)],
      ["troubles", ...(troubles.length === 0 ? ["none"] : troubles)],
    ]),
  };
}

function inputText({ streams, rules, watermark, waiting, heldBackBy }: Input): string {
  const held =
    heldBackBy === null
      ? ""
      : `; held back by ${[heldBackBy.stream, heldBackBy.partition ?? []].flat().join(", partition ")} since ${heldBackBy.since}`;
  return `${watermark}  ${streams.join(" + ")} (${rules.join(", ")}): ${count(waiting, "event")} waiting${held}`;
}

/** None where there is no sink. */
function sinkLines(sink: Sink | null): string[] {
  if (sink === null) return [];
  const { mode, state, waiting, prepared, committed } = sink;
  const transactions =
    mode === "two-phase" ? `; ${count(committed, "transaction")} committed, ${prepared} prepared` : "";
  return [`${mode}, ${state}; ${count(waiting, "alert")} waiting${transactions}`];
}

function checkpointLines(checkpoints: Checkpoints | null): string[] {
  if (checkpoints === null) return ["none are taken"];
  const { completed, failed, last, lastFailure } = checkpoints;
  return [
    `${completed} completed, ${failed} failed`,
    ...(last === null ? [] : [`the last: ${takenText(last)}, at ${last.takenAt}`]),
    ...(lastFailure === null ? [] : [`the last failure, at ${lastFailure.at}: ${lastFailure.message}`]),
  ];
}
