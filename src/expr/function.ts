/** What a function of the language is: its parameters, by which calls are checked, and how a call is compiled. */

import { assert } from "../core/assert.ts";
import { parseTime } from "../core/time.ts";
import type { Compiled, EvalContext, Value } from "./types.ts";

/** What an argument must be, and what it then is to the function. */
export interface ParameterTypes {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
  /** Epoch milliseconds, or RFC 3339 text. */
  readonly time: number;
  readonly "string or list": string | readonly Value[];
  readonly any: NonNullable<Value>;
}

export type ParameterType = keyof ParameterTypes;

export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly optional?: true;
  /** Only the last: as many as one likes, at least one. */
  readonly repeated?: true;
}

/** `branches`: what those of its arguments that it may give have in common. */
export type ResultType = "string" | "number" | "boolean" | "list of strings" | "branches";

export interface FunctionDefinition {
  readonly parameters: readonly Parameter[];
  readonly result: ResultType;
  readonly compile: (args: readonly Compiled[]) => Compiled;
}

export function leastArguments({ parameters }: FunctionDefinition): number {
  return parameters.filter((parameter) => parameter.optional === undefined).length;
}

export function mostArguments({ parameters }: FunctionDefinition): number {
  return parameters.at(-1)?.repeated === undefined ? parameters.length : Number.POSITIVE_INFINITY;
}

/** The parameter that an argument is for. */
export function parameterAt({ parameters }: FunctionDefinition, index: number): Parameter {
  const parameter = parameters[Math.min(index, parameters.length - 1)];
  assert(parameter !== undefined, "an argument without a parameter");
  return parameter;
}

/** `substring(text, start, end?)`: for messages. */
export function signatureOf(name: string, { parameters }: FunctionDefinition): string {
  const shown = parameters.map((parameter) => {
    if (parameter.repeated !== undefined) return `${parameter.name}, ...`;
    return parameter.optional === undefined ? parameter.name : `${parameter.name}?`;
  });
  return `${name}(${shown.join(", ")})`;
}

// ---- strict functions ------------------------------------------------------------------------------------------

type ArgumentsOf<P extends readonly Parameter[]> = P extends readonly [
  infer Head extends Parameter,
  ...infer Tail extends readonly Parameter[],
]
  ? Head extends { readonly repeated: true }
    ? ParameterTypes[Head["type"]][]
    : Head extends { readonly optional: true }
      ? [ParameterTypes[Head["type"]]?, ...ArgumentsOf<Tail>]
      : [ParameterTypes[Head["type"]], ...ArgumentsOf<Tail>]
  : [];

type Argument = ParameterTypes[ParameterType];

/** A function of its arguments alone. Given null or a wrong type, it gives null. */
export function strict<const P extends readonly Parameter[]>(
  parameters: P,
  result: ResultType,
  apply: (...args: ArgumentsOf<P>) => Value,
): FunctionDefinition {
  // The readers make the arguments what `ArgumentsOf` says, which the compiler cannot follow through an array.
  const call = apply as (...args: Argument[]) => Value;
  const definition: FunctionDefinition = {
    parameters,
    result,
    compile: (args) =>
      compileStrict(
        args.map((arg, i) => compileArgument(arg, parameterAt(definition, i).type)),
        call,
      ),
  };
  return definition;
}

type CompiledArgument = (context: EvalContext) => Argument | null;

function compileStrict(args: readonly CompiledArgument[], call: (...args: Argument[]) => Value): Compiled {
  const [first, second] = args;
  if (args.length === 1) {
    return (context) => {
      const a = first!(context);
      return a === null ? null : call(a);
    };
  }
  if (args.length === 2) {
    return (context) => {
      const a = first!(context);
      const b = second!(context);
      return a === null || b === null ? null : call(a, b);
    };
  }
  return (context) => {
    const values: Argument[] = [];
    for (const arg of args) {
      const value = arg(context);
      if (value === null) return null;
      values.push(value);
    }
    return call(...values);
  };
}

function compileArgument(value: Compiled, type: ParameterType): CompiledArgument {
  const read = READERS[type];
  return (context) => read(value(context));
}

const READERS: { readonly [T in ParameterType]: (value: Value) => ParameterTypes[T] | null } = {
  string: (value) => (typeof value === "string" ? value : null),
  number: (value) => (typeof value === "number" ? value : null),
  boolean: (value) => (typeof value === "boolean" ? value : null),
  time: (value) => parseTime(typeof value === "number" ? Math.floor(value) : value) ?? null,
  "string or list": (value) => (typeof value === "string" || Array.isArray(value) ? value : null),
  any: (value) => value,
};
