/** The cases beside a rule (`x.cases.json`, described in rules/README.md): read, checked for slips, and played to the engine. */

import { createEngine, parseRules } from "../../src/index.ts";
import type { Json, JsonObject } from "../../src/core/event.ts";
import { formatTime } from "../../src/core/time.ts";
import type { Alert, Output } from "../../src/engine/output.ts";
import { read } from "../support/project.ts";

export interface CaseFile {
  readonly stream: string;
  readonly common: JsonObject;
  readonly cases: readonly Case[];
}

export interface Case {
  readonly name: string;
  readonly events: readonly CaseEvent[];
  readonly open?: boolean;
  readonly alerts: readonly ExpectedAlert[];
  readonly held?: number;
  readonly late?: number;
}

/** `at`, `each` and `every` are the case's own words; every other field is the event's. */
export interface CaseEvent extends JsonObject {
  readonly at: string;
}

export interface ExpectedAlert {
  readonly at: string;
  readonly key?: Json;
  readonly suppressed?: number;
  readonly emit?: JsonObject;
}

export interface Outcome {
  readonly sent: readonly Alert[];
  readonly held: number;
  readonly late: number;
}

const BASE_MS = Date.parse("2026-03-01T09:00:00Z");
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

const CASE_WORDS = new Set(["name", "events", "open", "alerts", "held", "late"]);
const ALERT_WORDS = new Set(["at", "key", "suppressed", "emit"]);

export function readCases(file: string): CaseFile {
  const cases = JSON.parse(read(file)) as CaseFile;
  // A misspelt word would silently expect nothing.
  for (const one of cases.cases) {
    onlyKnown(one, CASE_WORDS, `${file}: ${one.name}`);
    for (const alert of one.alerts) onlyKnown(alert, ALERT_WORDS, `${file}: ${one.name}`);
  }
  return cases;
}

/** Epoch milliseconds of `1m30s` after the base. */
export function caseTime(at: string): number {
  const parts = [...at.matchAll(/(\d+)(ms|s|m|h)/g)];
  if (parts.map(([text]) => text).join("") !== at) throw new Error(`not a duration: ${at}`);
  return parts.reduce((time, [, count, unit]) => time + Number(count) * UNIT_MS[unit!]!, BASE_MS);
}

export function play(rules: string, { stream, common }: CaseFile, { events, open }: Case): Outcome {
  const declared = parseRules(rules).streams.find(({ name }) => name === stream);
  const engine = createEngine({ rules });
  const outputs: Output[] = [];
  let ordinal = 0;
  for (const { time, fields } of events.flatMap(spread)) {
    ordinal += 1;
    const id = declared?.id?.kind === "name" ? { [declared.id.name]: `e${ordinal}` } : {};
    const at = declared?.time?.kind === "name" ? { [declared.time.name]: formatTime(time) } : {};
    outputs.push(...engine.push(stream, { ...id, ...at, ...common, ...fields }));
  }
  if (open !== true) outputs.push(...engine.watermark(stream, "end"));

  const alerts = outputs.flatMap((output) => (output.kind === "alert" ? [output.alert] : []));
  const sent = alerts.filter(({ suppressedBy }) => suppressedBy === null);
  return { sent, held: alerts.length - sent.length, late: outputs.length - alerts.length };
}

/** One event, or with `each` one for each value, `every` so far apart. */
function spread({ at, each, every, ...fields }: CaseEvent): { time: number; fields: JsonObject }[] {
  const start = caseTime(at);
  if (each === undefined) return [{ time: start, fields }];
  const step = caseTime(every as string) - BASE_MS;
  return Object.entries(each as Readonly<Record<string, readonly Json[]>>).flatMap(([field, values]) =>
    values.map((value, index) => ({ time: start + index * step, fields: { ...fields, [field]: value } })),
  );
}

function onlyKnown(object: object, words: ReadonlySet<string>, where: string): void {
  const unknown = Object.keys(object).filter((word) => !words.has(word));
  if (unknown.length > 0) throw new Error(`${where}: there is no "${unknown.join('", "')}" in a case`);
}
