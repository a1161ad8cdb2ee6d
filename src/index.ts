/** The library's face: what `import ... from "tripline"` gives. */

import { checkRules, NOTHING_AROUND } from "./engine/rules/check-rules.ts";
import type { RuleDefinition, StreamDefinition } from "./lang/definition.ts";
import type { Diagnostic } from "./lang/diagnostic.ts";

export type { Arrival } from "./engine/bounded-run.ts";
export { createEngine, type EngineOptions, type TriplineEngine } from "./engine/create-engine.ts";
export type {
  EventRecord,
  ListRecord,
  LogRecord,
  RuleRemovedRecord,
  RulesRecord,
  WatermarkRecord,
} from "./engine/log/log-record.ts";
export type { Alert, AlertEvent, AlertKind, AlertOutput, AlertWindow, LateOutput, Output } from "./engine/output.ts";
export type { EngineSnapshot } from "./engine/checkpoint/snapshot.ts";
export { RuleError } from "./engine/rules/rule-error.ts";
export { UserError } from "./core/errors.ts";
export { renderDiagnostic } from "./lang/render.ts";
export type { Diagnostic } from "./lang/diagnostic.ts";
export type { RuleDefinition, StreamDefinition } from "./lang/definition.ts";

export interface ParsedRules {
  readonly streams: readonly StreamDefinition[];
  readonly rules: readonly RuleDefinition[];
  /** Errors and warnings, in the text's order; with an error among them the text would be refused. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Parses and checks a rule text. Never throws on bad text. */
export function parseRules(text: string): ParsedRules {
  const { streams, rules, diagnostics } = checkRules(text, NOTHING_AROUND);
  return { streams, rules, diagnostics };
}
