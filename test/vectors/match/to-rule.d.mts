/** A pattern vector; README.md beside this file says what its parts mean. */
export interface Vector {
  readonly id: string;
  readonly pattern: unknown;
  readonly events: readonly { readonly ts: number; readonly event: Readonly<Record<string, unknown>> }[];
  readonly expected: readonly Match[];
  readonly emittedAt: readonly ({ readonly event: number } | { readonly time: number })[];
  readonly timeouts?: readonly { readonly match: Match; readonly ts: number }[];
}

/** Stage name → indices into the events. */
export type Match = Readonly<Record<string, readonly number[]>>;

export interface VectorRule {
  readonly source: string;
  readonly events: readonly ({ readonly ts: number } & Readonly<Record<string, string | number>>)[];
  /** The vector's stage names → those written in the rule. */
  readonly names: Readonly<Record<string, string>>;
}

export function patternBlock(pattern: unknown): {
  readonly block: string;
  readonly names: Readonly<Record<string, string>>;
};

export function toRule(vector: Vector, name?: string): VectorRule;
