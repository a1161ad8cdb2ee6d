/** What users give to be called: refused where it cannot be, with the operator, what was found and what was expected. */

import { UserError } from "../../core/errors.ts";
import type { CheckpointedFunction, RichFunction } from "./functions.ts";
import type { OperatorSetup } from "../operators/operator.ts";

export interface GivenFunction {
  /** Which operator it is for: `map behind payments`. */
  readonly operator: string;
  readonly value: unknown;
}

/** UserError `bad-argument` for what is no function. */
export function checkFunction({ operator, value, expected }: GivenFunction & { readonly expected: string }): void {
  if (typeof value === "function") return checkSynchronous(`${operator} was given`, value);
  throw badArgument({ operator, value, expected, hint: "give it a function: `(value) => ...`" });
}

/** UserError `bad-argument` for what is neither a function nor an object that has the methods. */
export function checkRichFunction({
  operator,
  value,
  methods,
}: GivenFunction & { readonly methods: readonly string[] }): void {
  if (typeof value === "function" && methods.length === 1) return checkSynchronous(`${operator} was given`, value);
  if (hasMethods(value, methods)) return checkMethodsSynchronous(`${operator} was given`, value, methods);
  const object = `an object with ${methods.map((method) => `\`${method}\``).join(" and ")}`;
  const expected = methods.length === 1 ? `a function, or ${object}` : object;
  throw badArgument({ operator, value, expected });
}

/** UserError `bad-argument`. */
export function checkObject({ what, value, expected }: { what: string; value: unknown; expected: string }): void {
  if (typeof value === "object" && value !== null) return;
  throw new UserError({ code: "bad-argument", message: `${what} is ${wordFor(value)}; expected ${expected}` });
}

/** UserError `bad-argument` for what is no object with the method. */
export function checkMethod({ operator, value, method }: GivenFunction & { readonly method: string }): void {
  if (hasMethods(value, [method])) return checkMethodsSynchronous(`${operator} was given`, value, [method]);
  throw badArgument({ operator, value, expected: `an object with \`${method}\`` });
}

/** UserError `bad-argument` for what makes no function. */
export function checkFactory({ operator, value }: GivenFunction): void {
  if (typeof value === "function") return;
  const expected = "a function that makes one for each subtask";
  throw badArgument({ operator, value, expected, hint: `write \`process(() => ...)\`` });
}

/** What a factory has made. UserError `bad-argument` where it has not the methods. */
export function made<F>(
  make: () => F,
  { name }: Pick<OperatorSetup, "name">,
  ...methods: readonly (keyof F & string)[]
): F {
  const value = make();
  if (hasMethods(value, methods)) {
    checkMethodsSynchronous(`${name}: its factory made`, value, methods);
    return value;
  }
  const expected = `an object with ${methods.map((method) => `\`${method}\``).join(" and ")}`;
  throw new UserError({
    code: "bad-argument",
    message: `${name}: its factory made ${wordFor(value)}; expected ${expected}`,
    hint: "in an arrow function, an object stands in parentheses: `() => ({ ... })`",
  });
}

/** UserError `shared-function` for an object that several subtasks would open. */
export function checkUnshared<F extends RichFunction<never> & Partial<CheckpointedFunction>>(
  userFunction: F,
  { name, parallelism }: OperatorSetup,
): F {
  const own = ["open", "close", "initializeState", "snapshotState"];
  if (parallelism === 1 || !own.some((method) => hasMethods(userFunction, [method]))) return userFunction;
  throw new UserError({
    code: "shared-function",
    message: `${name}: its function is one object, which all of its ${parallelism} subtasks would open and close`,
    hint: "use `process(() => ...)`, which makes one for each subtask, or `setParallelism(1)`",
  });
}

/** UserError `bad-argument` for a function by key that wants to hear of snapshots: nobody would tell it. */
export function checkUncheckpointed<F extends object>(userFunction: F, { name }: Pick<OperatorSetup, "name">): F {
  const method = ["initializeState", "snapshotState"].find((one) => hasMethods(userFunction, [one]));
  if (method === undefined) return userFunction;
  throw new UserError({
    code: "bad-argument",
    message: `${name}: its function has \`${method}\`, and works by key; expected \`open\` and state of the key`,
    hint: "what is kept by key is in each snapshot as it is; operator state is for functions without keys",
  });
}

/** UserError `bad-result` for what has no items. */
export function checkIterable<R>(result: Iterable<R>, { name }: OperatorSetup): Iterable<R> {
  if (typeof (result as Iterable<R> | undefined)?.[Symbol.iterator] === "function") return result;
  throw new UserError({
    code: "bad-result",
    message: `${name}: its function gave ${wordFor(result)}; expected something to iterate over`,
    hint: "for none give `[]`",
  });
}

/** A few words for what was found. */
export function wordFor(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}

function hasMethods(value: unknown, methods: readonly string[]): value is object {
  if (typeof value !== "object" || value === null) return false;
  return methods.every((method) => typeof (value as Readonly<Record<string, unknown>>)[method] === "function");
}

/** What is called of an object besides, where it has it. */
const OPTIONAL_METHODS = ["open", "close", "initializeState", "snapshotState", "onTimer", "clear", "watermark", "idle"];

function checkMethodsSynchronous(found: string, value: object, methods: readonly string[]): void {
  for (const method of [...methods, ...OPTIONAL_METHODS]) {
    checkSynchronous(`${found} an object whose \`${method}\` is`, (value as Readonly<Record<string, unknown>>)[method]);
  }
}

/** A type of `void` takes an async function, too; but nobody would wait for it, or hear that it has failed (S11.1). */
function checkSynchronous(found: string, value: unknown): void {
  if (Object.prototype.toString.call(value) !== "[object AsyncFunction]") return;
  throw new UserError({
    code: "bad-argument",
    message: `${found} an async function; expected one that has done its work when it returns`,
    hint: "what takes its time is for sources and sinks: `callbackSink` waits for what its function gives",
  });
}

/** For what an operator was given. */
export function badArgument({
  operator,
  value,
  expected,
  hint,
}: GivenFunction & { readonly expected: string; readonly hint?: string | undefined }): UserError {
  return new UserError({
    code: "bad-argument",
    message: `${operator} was given ${wordFor(value)}; expected ${expected}`,
    hint,
  });
}
