/** The vectors' conditions: JSON of one key, the operator, evaluated directly. */

import type { Condition, OracleEvent, Taken } from "./pattern.ts";

export type JsonCondition = Readonly<Record<string, unknown>>;

type Value = (event: OracleEvent, taken: Taken) => unknown;

/** Anything but true is false. */
export function conditionOf(node: JsonCondition): Condition {
  const value = valueOf(node);
  return (event, taken) => value(event, taken) === true;
}

function valueOf(node: JsonCondition): Value {
  const [operator = "", operand] = Object.entries(node)[0] ?? [];
  switch (operator) {
    case "lit":
    case "const":
      return () => operand;
    case "field":
      return (event) => event[operand as string] ?? null;
    case "timestamp":
      return (event) => event.ts;
    case "isSubtype":
      return (event) => event["type"] === operand;
    case "and": {
      const parts = operandsOf(operand);
      return (event, taken) => parts.every((part) => part(event, taken) === true);
    }
    case "or": {
      const parts = operandsOf(operand);
      return (event, taken) => parts.some((part) => part(event, taken) === true);
    }
    case "not": {
      const part = valueOf(operand as JsonCondition);
      return (event, taken) => part(event, taken) !== true;
    }
    case "count": {
      const { of } = operand as { of: string };
      return (_, taken) => taken(of).length;
    }
    case "sum":
    case "avg":
    case "min":
    case "max":
    case "first":
    case "last": {
      const { of, field } = operand as { of: string; field: string };
      return (_, taken) => AGGREGATES[operator]!(taken(of).map((event) => event[field] as number));
    }
    default: {
      const [left, right] = operandsOf(operand);
      const apply = BINARY[operator];
      if (apply === undefined || left === undefined || right === undefined) throw new Error(`no operator ${operator}`);
      return (event, taken) => apply(left(event, taken), right(event, taken));
    }
  }
}

function operandsOf(operand: unknown): Value[] {
  return (operand as JsonCondition[]).map(valueOf);
}

/** Over nothing `sum` is 0, the others are null. */
const AGGREGATES: Record<string, (values: readonly number[]) => unknown> = {
  sum: (values) => values.reduce((total, value) => total + value, 0),
  avg: (values) => (values.length === 0 ? null : values.reduce((total, value) => total + value, 0) / values.length),
  min: (values) => (values.length === 0 ? null : Math.min(...values)),
  max: (values) => (values.length === 0 ? null : Math.max(...values)),
  first: (values) => values[0] ?? null,
  last: (values) => values.at(-1) ?? null,
};

type Binary = (left: unknown, right: unknown) => unknown;

/** With null, or with another type, on a side: false, or null for arithmetic. */
const BINARY: Record<string, Binary> = {
  eq: (left, right) => left !== null && left === right,
  ne: (left, right) => left !== null && right !== null && left !== right,
  lt: ordered((a, b) => a < b),
  lte: ordered((a, b) => a <= b),
  gt: ordered((a, b) => a > b),
  gte: ordered((a, b) => a >= b),
  add: arithmetic((a, b) => a + b),
  sub: arithmetic((a, b) => a - b),
  mul: arithmetic((a, b) => a * b),
  div: arithmetic((a, b) => a / b),
  mod: arithmetic((a, b) => a % b),
  contains: (left, right) => typeof left === "string" && typeof right === "string" && left.includes(right),
  startsWith: (left, right) => typeof left === "string" && typeof right === "string" && left.startsWith(right),
};

function ordered(compare: (a: number, b: number) => boolean): Binary {
  return (left, right) => typeof left === "number" && typeof right === "number" && compare(left, right);
}

function arithmetic(compute: (a: number, b: number) => number): Binary {
  return (left, right) => (typeof left === "number" && typeof right === "number" ? compute(left, right) : null);
}
