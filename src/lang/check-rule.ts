/** What can be wrong with a `rule` block, its pattern apart. */

import { nearest } from "../core/nearest.ts";
import type { Name, Pattern, RuleBlock, RuleClause, Stage } from "./ast.ts";
import { checkPattern } from "./check-pattern.ts";
import { checkWindow } from "./check-window.ts";
import { clauseOf, repeatedClauses, repeatedNames } from "./clauses.ts";
import { SEVERITIES } from "./definition.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { listed, report } from "./report.ts";
import { wordAt } from "./span.ts";

const WORDS: Readonly<Record<RuleClause["kind"], string>> = {
  severity: "severity",
  tags: "tags",
  description: "description",
  from: "from",
  keyBy: "key by",
  pattern: "pattern",
  window: "window",
  emit: "emit",
  onTimeoutEmit: "on timeout emit",
  suppress: "suppress",
  deliver: "deliver",
};

export function* checkRule({ name, clauses }: RuleBlock): Iterable<Diagnostic> {
  yield* repeatedClauses(clauses, { words: WORDS });
  for (const clause of clauses) yield* checkClause(clause);
  if (clauseOf(clauses, "from") === undefined) {
    yield report(name.span, {
      code: "E102",
      message: `rule \`${name.text}\` does not say which events it looks at`,
      hint: "add `from` and the name of a stream",
    });
  }
  yield* checkKind(name, clauses);
}

/** A rule looks for a pattern, or at a window. */
function* checkKind(name: Name, clauses: RuleBlock["clauses"]): Iterable<Diagnostic> {
  const pattern = clauseOf(clauses, "pattern");
  const window = clauseOf(clauses, "window");
  const onTimeout = clauseOf(clauses, "onTimeoutEmit");
  if (pattern === undefined && window === undefined) {
    yield report(name.span, {
      code: "E102",
      message: `rule \`${name.text}\` does not say what it looks for`,
      hint: "add `pattern { ... }` or `window { ... }`",
    });
  } else if (pattern !== undefined && window !== undefined) {
    const [first, second] = pattern.span.start < window.span.start ? [pattern, window] : [window, pattern];
    yield report(wordAt(second.span, second.kind), {
      code: "E148",
      message: "a rule looks for a `pattern` or at a `window`, not both",
      hint: `the \`${first.kind}\` is on line ${first.span.line}; make two rules of it`,
    });
  } else if (window !== undefined && onTimeout !== undefined) {
    yield report(wordAt(onTimeout.span, "on timeout emit"), {
      code: "E148",
      message: "a window does not time out: it closes, and fires",
      hint: "say it in `emit`",
    });
  } else if (pattern !== undefined && onTimeout !== undefined && !hasDeadline(pattern.pattern)) {
    yield report(onTimeout.span, {
      code: "W106",
      message: "nothing in this pattern times out",
      hint: "add `within` to the pattern, or `gap` to a stage",
    });
  }
}

function* checkClause(clause: RuleClause): Iterable<Diagnostic> {
  switch (clause.kind) {
    case "severity":
      if ((SEVERITIES as readonly string[]).includes(clause.level.text)) return;
      return yield unknownSeverity(clause);
    case "from":
      return yield* repeatedNames(clause.streams, { what: "the stream" });
    case "deliver":
      return yield* repeatedNames(clause.destinations, { what: "the destination" });
    case "emit":
    case "onTimeoutEmit": {
      const names = clause.entries.map(({ name }) => name);
      return yield* repeatedNames(names, { what: "the entry" });
    }
    case "suppress":
      if (clause.for.ms > 0) return;
      return yield report(clause.for.span, {
        code: "E133",
        message: "`suppress 0s` would hold nothing back",
        hint: "give a duration, or take the clause away",
      });
    case "pattern":
      return yield* checkPattern(clause.pattern);
    case "window":
      return yield* checkWindow(clause.window);
    case "tags":
    case "description":
    case "keyBy":
      return;
  }
}

function unknownSeverity({ level }: Extract<RuleClause, { kind: "severity" }>): Diagnostic {
  const meant = nearest(level.text, SEVERITIES);
  return report(level.span, {
    code: "E131",
    message: `\`${level.text}\` is no severity`,
    hint:
      meant === null ? `it is one of ${listed(SEVERITIES.map((word) => `\`${word}\``))}` : `did you mean \`${meant}\`?`,
  });
}

function hasDeadline({ stages, clauses }: Pattern): boolean {
  const hasGap = ({ modifiers, group }: Stage): boolean =>
    modifiers.some(({ kind }) => kind === "gap") || (group ?? []).some(hasGap);
  return clauseOf(clauses, "within") !== undefined || stages.some(hasGap);
}
