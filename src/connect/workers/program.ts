/** A program that several threads run: a module whose default export makes the streams, the same ones wherever it is called. */

import { UserError } from "../../core/errors.ts";
import { StreamEnvironment } from "../../stream/streams/environment.ts";

export type Program = () => StreamEnvironment;

/** UserError `bad-program` for a module that has no such function, or makes other streams than those expected, as text. */
export async function environmentOf(module: URL, expected: string): Promise<StreamEnvironment> {
  const { default: program } = (await import(module.href)) as { readonly default?: unknown };
  if (typeof program !== "function") throw badProgram(module, `its default export is ${describe(program)}`);
  const environment = (program as Program)();
  if (!(environment instanceof StreamEnvironment)) {
    throw badProgram(module, `its default export gives ${describe(environment)}`);
  }
  if (environment.graph.toText() === expected) return environment;
  throw badProgram(module, "its default export makes other streams in a worker thread than those that are executed");
}

function describe(value: unknown): string {
  return value === undefined || value === null ? "nothing" : `a ${typeof value}`;
}

function badProgram({ href }: URL, found: string): UserError {
  return new UserError({
    code: "bad-program",
    message: `${href}: ${found}; expected a function that makes the same StreamEnvironment wherever it is called`,
    hint: "export default () => { const env = new StreamEnvironment(); ...; return env; }",
  });
}
