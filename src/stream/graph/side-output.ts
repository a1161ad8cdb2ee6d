/** Side outputs: what an operator emits beside its main stream, under a tag that carries the type (S11.19). */

declare const carried: unique symbol;

export interface OutputTag<T> {
  readonly name: string;
  /** Only for the compiler. */
  [carried]?(value: T): void;
}

/** Tags of one name are one side output. */
export function outputTag<T>(name: string): OutputTag<T> {
  return { name };
}
