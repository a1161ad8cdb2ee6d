/**
 * The examples of SEMANTICS.md: the fenced `example` blocks, each belonging to the numbered paragraph above it. The notation
 * is told at the top of that document; here it is read.
 */

import { read } from "../support/project.ts";

export interface Example {
  /** `S3.2`, with ` (2)` behind it for the paragraph's second example. */
  readonly title: string;
  readonly number: string;
  /** Clauses of the streams. */
  readonly stream: string;
  /** Clauses of the rule, but for its pattern or window. */
  readonly rule: string;
  /** One of the two is empty. */
  readonly pattern: string;
  readonly window: string;
  /** Events and watermarks, in rounds: what comes out is told after each. */
  readonly rounds: readonly (readonly string[])[];
  /** The fields of an event, as JSON, and expressions over it. */
  readonly given: string;
  readonly expressions: readonly string[];
  readonly expected: Outcome;
}

export interface Outcome {
  /** Null where the example says nothing about them. */
  readonly diagnostics: readonly string[] | null;
  /** For each round. */
  readonly alerts: readonly (readonly string[])[];
  /** As JSON. */
  readonly values: readonly string[];
}

const LABELS = [
  "stream",
  "rule",
  "pattern",
  "window",
  "events",
  "alerts",
  "refused",
  "warned",
  "given",
  "values",
] as const;
type Label = (typeof LABELS)[number];

interface Section {
  readonly label: Label;
  readonly lines: string[];
}

/** A paragraph's number, or a whole block. */
const NUMBER_OR_BLOCK = /^\*\*(S\d+\.\d+)\*\*|^```example\n([^]*?)\n```$/gm;

export function examplesOf(file: string): Example[] {
  const examples: Example[] = [];
  let number = "";
  let count = 0;
  for (const [, heading, block] of read(file).matchAll(NUMBER_OR_BLOCK)) {
    if (heading !== undefined) [number, count] = [heading, 0];
    else examples.push(exampleOf(block!, { number, title: titleOf(number, ++count) }));
  }
  return examples;
}

/** Before the first number stands the example that explains the notation. */
function titleOf(number: string, count: number): string {
  if (number === "") return "the notation";
  return count === 1 ? number : `${number} (${count})`;
}

function exampleOf(block: string, { number, title }: { readonly number: string; readonly title: string }): Example {
  const sections = sectionsOf(block, title);
  const linesOf = (...labels: readonly Label[]): string[] =>
    sections.flatMap(({ label, lines }) => (labels.includes(label) ? lines : []));
  const roundsOf = (label: Label): string[][] =>
    sections.filter((section) => section.label === label).map(({ lines }) => lines);
  const textOf = (label: Label): string => linesOf(label).join("\n");

  const diagnostics = linesOf("refused", "warned");
  const values = linesOf("values").map((line) => line.split(/ +=> +/));
  const example: Example = {
    title,
    number,
    stream: textOf("stream"),
    rule: textOf("rule"),
    pattern: textOf("pattern"),
    window: textOf("window"),
    rounds: roundsOf("events").map((lines) => wordsOf(lines.join(" "))),
    given: textOf("given"),
    expressions: values.map(([expression]) => expression!),
    expected: {
      diagnostics: diagnostics.length === 0 ? null : wordsOf(diagnostics.join(" ")),
      alerts: roundsOf("alerts").map((lines) => lines.filter((line) => line !== "none")),
      values: values.map(([, value]) => value ?? "nothing is expected"),
    },
  };
  if (example.rounds.length !== example.expected.alerts.length) throw new Error(`${title}: events without alerts`);
  return example;
}

/** A line that does not begin with a space begins a section; those that do go on with it. */
function sectionsOf(block: string, title: string): Section[] {
  const sections: Section[] = [];
  for (const line of block.split("\n")) {
    const [, word = "", rest = ""] = /^(\S*)\s+(.*)$/.exec(line) ?? [];
    const label = LABELS.find((known) => known === word);
    if (label !== undefined) sections.push({ label, lines: [rest] });
    else if (word === "" && rest !== "" && sections.length > 0) sections.at(-1)!.lines.push(rest);
    else throw new Error(`${title}: what is ${JSON.stringify(line)}?`);
  }
  return sections;
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
