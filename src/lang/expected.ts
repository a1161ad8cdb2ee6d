/** What could have stood at a place, in the language's words: the parser's terminals, in groups that people know. */

import type { Terminal } from "./earley.ts";
import { listed } from "./report.ts";

/** Words that are told as one thing, the first few of them as examples. */
interface Group {
  readonly name: string;
  readonly productions: readonly string[];
  readonly examples?: readonly string[];
}

const MODIFIERS: Group = {
  name: "a modifier",
  productions: ["modifier"],
  examples: ["where", "times(...)", "optional"],
};

const GROUPS: readonly Group[] = [
  MODIFIERS,
  { name: "a clause", productions: ["ruleClause"], examples: ["from", "key by", "pattern"] },
  { name: "a clause", productions: ["streamClause"], examples: ["time", "watermark", "schema"] },
  {
    name: "a clause of the window",
    productions: ["windowClause"],
    examples: ["allow lateness", "trigger", "having"],
  },
  { name: "the window's kind", productions: ["assigner"] },
  { name: "a trigger", productions: ["trigger"] },
  { name: "a stage", productions: ["contiguity"], examples: ["next", "followedBy", "notFollowedBy"] },
  {
    name: "a skip strategy",
    productions: ["strategy", "stageSkip"],
  },
  { name: "a type", productions: ["scalar"] },
  { name: "an expression", productions: ["primary", "nots", "minuses", "template"], examples: [] },
];

const NAMES: Readonly<Record<string, string>> = {
  path: "a field",
  streamName: "the name of a stream",
  ruleName: "the name of the rule",
  stageName: "the name of a stage",
  targetName: "the name of a stage",
  destinationName: "the name of a destination",
  severityName: "a severity (`info`, `low`, `medium`, `high`, `critical`)",
  fieldName: "a field (`name: type`)",
  entryName: "an entry (`name = expression`)",
  step: "the name of a field",
};

const KINDS: Readonly<Record<string, string>> = {
  duration: "a duration (`10s`, `1h30m`)",
  text: "a string",
  ignoreCaseText: "a string",
  integer: "a whole number",
  holeEnd: "`}`",
  templateEnd: "the end of the string",
};

const OPERATOR = "an operator (`and`, `==`, `+`, ...)";
/** Productions that go on with an expression which is complete already. */
const CONTINUATIONS = new Set(["test", "sum", "product", "conjunction", "expression", "step", "arguments"]);
const CLOSERS = new Set([")", "]", "}"]);

/** "a modifier (`where`, ...), a stage (`next`, ...), `within`, `skip` or `}`" */
export function inWords(terminals: readonly Terminal[]): string {
  const isExpression = terminals.some(({ production }) => production === "sum");
  const things = new Set<string>();
  for (const terminal of terminals) {
    const goesOn = isExpression && CONTINUATIONS.has(terminal.production) && !CLOSERS.has(terminal.word ?? "");
    if (!goesOn) for (const thing of thingsOf(terminal, terminals)) things.add(thing);
  }
  const order = [...things].sort((a, b) => rank(a) - rank(b));
  return listed(isExpression ? [...order, OPERATOR] : order);
}

/** What has a name of its own goes first, then words, then brackets and commas. */
function rank(thing: string): number {
  if (!thing.startsWith("`")) return 0;
  return /^`\w/.test(thing) ? 1 : 2;
}

function thingsOf(terminal: Terminal, all: readonly Terminal[]): string[] {
  const { production, begins, word, type } = terminal;
  const amongModifiers = all.some((other) => other.production === "modifier" && other.begins);
  // `where` is a modifier among modifiers, and itself after `from`.
  if (production === "where" && amongModifiers) return [nameOf(MODIFIERS, all)];
  // A name may turn out to be a group's; nobody who is lost here wants to know.
  if (production === "position" && amongModifiers) return [];
  if (production === "contiguity" && !amongModifiers && !all.some(({ word }) => word === ")"))
    return ["a stage (`begin`)"];
  const group = GROUPS.find(({ productions }) => productions.includes(production));
  if (group !== undefined && (begins || production === "nots" || production === "minuses")) return [nameOf(group, all)];
  if (word !== null) return [`\`${word}\``];
  if (type === "matcher") return ["`like`", "`matches`"];
  if (type === "name") return [NAMES[production] ?? "a name"];
  if (type === "text" && production === "rule") return ["a title"];
  return [KINDS[type!] ?? type!];
}

/** Without examples of its own, a group is small enough to tell all its words. */
function nameOf({ name, productions, examples }: Group, all: readonly Terminal[]): string {
  if (examples !== undefined) return examples.length === 0 ? name : `${name} (${quoted(examples)}, ...)`;
  const words = all.filter(({ production, begins }) => begins && productions.includes(production));
  return `${name} (${quoted(words.map(({ word }) => word!))})`;
}

function quoted(words: readonly string[]): string {
  return [...new Set(words)].map((word) => `\`${word}\``).join(", ");
}

/** The words that could have stood there, to find the one that was meant. */
export function wordsOf(terminals: readonly Terminal[]): string[] {
  return terminals.flatMap(({ word, type }) => {
    if (type === "matcher") return ["like", "matches"];
    if (type === "constant") return ["true", "false", "null"];
    return word !== null && /^\w{3,}$/.test(word) ? [word] : [];
  });
}
