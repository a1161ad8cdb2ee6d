/** Plays an example of SEMANTICS.md through the library, and writes what comes out in the document's notation. */

import { UserError } from "../../src/core/errors.ts";
import type { Json, JsonObject } from "../../src/core/event.ts";
import { createEngine, parseRules, type Alert, type Output, type TriplineEngine } from "../../src/index.ts";
import type { Example, Outcome } from "./example.ts";

/** An event that was not taken, and why. */
interface Refusal {
  readonly kind: "refused";
  readonly name: string;
  readonly code: string;
}

/** `bc3.5'{v:1}@r#p` and its parts. */
const EVENT = /^([a-z]+)([\d.]+)('*)(\{.*\})?(?:@(\w+))?(?:#(\w+))?$/;
const FIELD_NAME = /([{,])(\w+):/g;
/** `>12`, `>end`, `>12@r`. */
const WATERMARK = /^>([\d.]+|end)(?:@(\w+))?$/;
/** A stage without a condition of its own. */
const BARE_STAGE =
  /\b(begin|next|followedBy|followedByAny|notNext|notFollowedBy)(\s+)([a-z]\w*)(?!\w|\s*\(|\s+where\b)/g;
const STREAMS = /\bfrom ([a-z](?:, [a-z])*)/;

/** The whole rule text that an example's sections stand for. */
export function ruleTextOf({ stream, rule, pattern, window }: Example): string {
  const names = STREAMS.exec(rule)?.[1] ?? "s";
  const streams = names.split(", ").map((name) => `stream ${name} {\n  time at\n  ${stream}\n}\n`);
  const clauses = STREAMS.test(rule) ? rule : `from s\n  ${rule}`;
  const stages = pattern.replace(BARE_STAGE, "$1$2$3 where event.$3");
  const body = window === "" ? `pattern {\n    ${stages}\n  }` : `window {\n    ${window}\n  }`;
  return `${streams.join("")}rule r {\n  ${clauses}\n  ${body}\n}\n`;
}

/** What the example comes to, told as the document tells it. */
export function outcomeOf(example: Example): Outcome {
  const { rounds, expected } = example;
  return {
    diagnostics: expected.diagnostics === null ? null : diagnosticsOf(example),
    alerts: rounds.length === 0 ? [] : play(example),
    values: valuesOf(example),
  };
}

/** Codes of all diagnostics, in the text's order. */
function diagnosticsOf(example: Example): string[] {
  return parseRules(ruleTextOf(example)).diagnostics.map(({ code }) => code);
}

/** For each round the lines that come out. */
function play(example: Example): string[][] {
  const engine = createEngine({ rules: ruleTextOf(example) });
  return example.rounds.map((tokens) => tokens.flatMap((token) => feed(engine, token).map(lineOf)));
}

/** Each expression's value, as JSON, over the event that is given. */
function valuesOf({ given, expressions }: Example): string[] {
  if (expressions.length === 0) return [];
  const entries = expressions.map((expression, i) => `v${i} = ${expression}`);
  const engine = createEngine({ rules: `rule r { from s pattern { begin e } emit {\n${entries.join("\n")}\n} }` });
  const [output] = engine.push("s", JSON.parse(given) as Json);
  const emit = output?.kind === "alert" ? output.alert.emit : {};
  return expressions.map((_, i) => JSON.stringify(emit[`v${i}`]));
}

/** Gives the engine one event or watermark of an example. */
export function feed(engine: TriplineEngine, token: string): readonly (Output | Refusal)[] {
  const watermark = WATERMARK.exec(token);
  if (watermark !== null) {
    const [, time, stream = "s"] = watermark;
    return engine.watermark(stream, time === "end" ? "end" : millisecondsOf(time!));
  }
  const event = EVENT.exec(token);
  if (event === null) throw new Error(`no event is written ${token}`);
  const [, letters, time, primes, fields = "{}", stream = "s", partition] = event;
  const name = `${letters}${time}${primes}`;
  const at = millisecondsOf(time!);
  const data: JsonObject = {
    name,
    at,
    ...Object.fromEntries(letters!.split("").map((letter) => [letter, true])),
    ...(JSON.parse(fields.replace(FIELD_NAME, '$1"$2":')) as JsonObject),
  };
  try {
    return engine.push(stream, data, { at, ...(partition === undefined ? {} : { partition }) });
  } catch (error) {
    if (error instanceof UserError) return [{ kind: "refused", name, code: error.code }];
    throw error;
  }
}

function lineOf(output: Output | Refusal): string {
  switch (output.kind) {
    case "refused":
      return `refused ${output.name}: ${output.code}`;
    case "late":
      return `late ${nameIn(output.data)}`;
    case "alert":
      return alertLine(output.alert);
  }
}

function alertLine(alert: Alert): string {
  const kind = alert.suppressedBy !== null ? "held " : alert.kind === "timeout" ? "timeout " : "";
  const at = alert.at === timeShown(alert) ? "" : ` at ${secondsOf(alert.at)}`;
  const held = alert.suppressed === 0 ? "" : ` after ${alert.suppressed} held`;
  const emitted = Object.entries(alert.emit).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  const what = alert.window === undefined ? takenBy(alert) : windowText(alert.window);
  return `${kind}${what}${at}${held}${emitted.length === 0 ? "" : ` => ${emitted.join(", ")}`}`;
}

/** What an alert's own time is told beside, where it is another: the end of a window, or else the last event's. */
function timeShown({ window, lastEventAt }: Alert): string | null {
  return window?.end ?? lastEventAt;
}

function windowText({ start, end, firing }: NonNullable<Alert["window"]>): string {
  const bounds = start === null || end === null ? "window" : `[${secondsOf(start)}, ${secondsOf(end)})`;
  return firing === 1 ? bounds : `${bounds} #${firing}`;
}

function secondsOf(instant: string): number {
  return Date.parse(instant) / 1000;
}

/** The events in order; with the stage's name before those that another stage would be thought to have taken. */
function takenBy({ events }: Alert): string {
  return Object.entries(events)
    .flatMap(([stage, taken]) => taken.map((event) => ({ stage, ...event })))
    .toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time) || a.offset - b.offset)
    .map(({ stage, data }) => {
      const name = nameIn(data);
      return name.replace(/[\d.']+$/, "") === stage ? name : `${stage}:${name}`;
    })
    .join(" ");
}

function nameIn({ name }: JsonObject): string {
  return typeof name === "string" ? name : "?";
}

function millisecondsOf(seconds: string): number {
  return Math.round(Number(seconds) * 1000);
}
