/** Words and turns that people bring along from SQL, Flink and Esper, and what they are here. */

import type { Terminal } from "./earley.ts";
import type { Token } from "./tokens.ts";

interface Foreign {
  readonly words: readonly string[];
  /** Where it is met: a production that could have begun there, or a word that could have come. */
  readonly where: readonly string[];
  readonly hint: string;
}

const FOREIGN: readonly Foreign[] = [
  { words: ["group", "partition"], where: ["ruleClause"], hint: "write `key by`" },
  { words: ["select"], where: ["ruleClause"], hint: "write `emit { ... }`" },
  { words: ["having"], where: ["ruleClause"], hint: "`having` stands in `window { ... }`, after the window's kind" },
  { words: ["where"], where: ["ruleClause"], hint: "`where` stands directly after `from STREAM`" },
  {
    words: ["where"],
    where: ["windowClause"],
    hint: "events are filtered by `from STREAM where ...`, windows by `having`",
  },
  { words: ["hop", "hopping", "slide"], where: ["assigner"], hint: "write `sliding 10m every 1m`" },
  { words: ["tumble", "fixed", "time_batch", "cumulate"], where: ["assigner"], hint: "write `tumbling 10m`" },
  { words: ["time", "size"], where: ["assigner"], hint: "write `tumbling 10m` or `sliding 10m every 1m`" },
  { words: ["events", "rows"], where: ["`every`"], hint: "the number stands by itself" },
  {
    words: ["having", "trigger", "evict", "allow", "purging"],
    where: ["assigner"],
    hint: "the window's kind comes first",
  },
  { words: ["length", "length_batch", "rows"], where: ["assigner"], hint: "write `count 100` or `count 100 every 1`" },
  { words: ["slide", "hop", "advance", "by", "step"], where: ["`every`"], hint: "write `every` in its place" },
  { words: ["lateness", "grace", "allowedLateness"], where: ["windowClause"], hint: "write `allow lateness`" },
  { words: ["evictor"], where: ["windowClause"], hint: "write `evict keep last ...`" },
  { words: ["fire"], where: ["windowClause"], hint: "write `trigger`" },
];

export function hintForForeign(
  found: Token,
  { before, expected }: { readonly before: Token | undefined; readonly expected: readonly Terminal[] },
): string | null {
  const met = (place: string): boolean =>
    expected.some(({ production, begins, word }) => (begins && production === place) || `\`${word}\`` === place);
  const foreign = FOREIGN.find(({ words, where }) => words.includes(found.text) && where.some(met));
  if (found.text === "*" && before?.text === "(") return "to count events, write `count()`";
  if (foreign === undefined && met("`events`")) return `write \`${before!.text} events\``;
  return foreign?.hint ?? hintForMissingWord(found, met);
}

/** A size without the word before it: `session 30m`, `sliding 10m 1m`, `trigger 10s`. */
function hintForMissingWord({ type, text }: Token, met: (place: string) => boolean): string | null {
  if (type === "duration" && met("assigner")) return `write \`tumbling ${text}\``;
  if (type === "duration" && met("`gap`")) return `write \`gap ${text}\``;
  if (type === "duration" && met("`every`")) return `write \`every ${text}\``;
  if (type === "integer" && met("`every`")) return `write \`every ${text}\``;
  if (text === "size" && !met("assigner")) return "the size stands by itself, as in `tumbling 10m`";
  return null;
}
