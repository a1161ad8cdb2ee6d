/** Commands that ask the running service: their arguments, where it is, and how its answer is shown. */

import { parseArgs } from "node:util";
import type { Json } from "../core/event.ts";
import { nearest } from "../core/nearest.ts";
import { EXIT } from "./exit-code.ts";
import { ServiceClient } from "./service-client.ts";
import { asUsageError, UsageError } from "./usage.ts";

export interface Action {
  /** What it takes, in order, as the help shows it: `NAME`, `FILE`. */
  readonly takes: readonly string[];
  /** That it takes beside --url and --json, all of them yes or no. */
  readonly flags?: readonly string[];
  run(call: ActionCall): Promise<Shown>;
}

export interface ActionCall {
  readonly service: ServiceClient;
  /** One for each that it takes. */
  readonly given: readonly string[];
  readonly flags: ReadonlySet<string>;
}

/** An answer: for programs, and in lines for people. */
export interface Shown {
  readonly json: unknown;
  readonly lines: readonly string[];
}

/** `tripline status`. */
export async function callService(noun: string, action: Action, args: string[]): Promise<number> {
  const { service, given, flags, asJson } = read(noun, action, args);
  const { json, lines } = await action.run({ service, given, flags });
  const text = asJson ? JSON.stringify(json, null, 2) : lines.join("\n");
  if (text !== "") process.stdout.write(`${text}\n`);
  return EXIT.ok;
}

/** `tripline savepoint list`: the first argument says which action. */
export async function callOneOf(
  noun: string,
  actions: Readonly<Record<string, Action>>,
  [verb, ...args]: string[],
): Promise<number> {
  const verbs = Object.keys(actions);
  if (verb !== undefined && Object.hasOwn(actions, verb))
    return await callService(`${noun} ${verb}`, actions[verb]!, args);
  const near = verb === undefined ? null : nearest(verb, verbs);
  throw new UsageError(
    verb === undefined ? `\`tripline ${noun}\` needs to know what to do` : `there is no \`tripline ${noun} ${verb}\``,
    near === null ? `one of ${verbs.join(", ")}` : `did you mean \`${near}\`?`,
  );
}

function read(noun: string, { takes, flags = [] }: Action, args: string[]): ActionCall & { readonly asJson: boolean } {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        url: { type: "string" },
        json: { type: "boolean" },
        ...Object.fromEntries(flags.map((flag) => [flag, { type: "boolean" as const }])),
      },
    });
  } catch (error) {
    throw asUsageError(error);
  }
  const { positionals, values } = parsed;
  if (positionals.length !== takes.length) {
    const expected = ["tripline", noun, ...takes, ...flags.map((flag) => `[--${flag}]`)].join(" ");
    throw new UsageError(`\`tripline ${noun}\` takes ${takes.join(" and ") || "nothing more"}`, expected);
  }
  const { TRIPLINE_URL: url, TRIPLINE_TOKEN: token } = process.env;
  return {
    service: new ServiceClient({ url: values.url ?? (url || DEFAULT_URL), token: token || null }),
    given: positionals,
    flags: new Set(flags.filter((flag) => (values as Record<string, Json | undefined>)[flag] === true)),
    asJson: values.json === true,
  };
}

const DEFAULT_URL = "http://127.0.0.1:8080";
