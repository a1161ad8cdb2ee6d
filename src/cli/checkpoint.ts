/** `tripline checkpoint`: those there are, and one more. */

import { callOneOf, type Shown } from "./service-command.ts";
import { count } from "./count.ts";
import { size, table } from "./table.ts";

export async function checkpoint(args: string[]): Promise<number> {
  return await callOneOf(
    "checkpoint",
    {
      list: { takes: [], run: async ({ service }) => list(await service.all("/v1/checkpoints")) },
      take: { takes: [], run: async ({ service }) => taken(await service.post("/v1/checkpoints")) },
    },
    args,
  );
}

export interface Taken {
  readonly id: number;
  readonly kind: string;
  readonly name: string | null;
  readonly offset: number;
  readonly takenAt: string;
  readonly durationMs: number;
  readonly bytesWritten: number;
  readonly keysWritten: number;
}

export type Listed = {
  readonly id: number;
  readonly kind: string;
  readonly name: string | null;
} & (
  | {
      readonly offset: number;
      readonly takenAt: string;
      readonly bytes: number;
      readonly keys: number;
      readonly rules: readonly RuleVersion[];
    }
  | { readonly fault: { readonly message: string } }
);

export interface RuleVersion {
  readonly name: string;
  readonly version: number;
}

export function taken(answer: Taken): Shown {
  return { json: answer, lines: [`${takenText(answer)}, is complete`] };
}

/** `checkpoint 17, of offset 1200: 12 ms, 34.5 kB and 67 keys written`. */
export function takenText({ id, kind, name, offset, durationMs, bytesWritten, keysWritten }: Taken): string {
  const which = name === null ? `${kind} ${id}` : `${kind} ${name}`;
  return `${which} of offset ${offset}, ${durationMs} ms, ${size(bytesWritten)} and ${count(keysWritten, "key")} written`;
}

/** What a list says of one behind its name. */
export function listedCells(entry: Listed): readonly string[] {
  if ("fault" in entry) return ["", "", "", "", entry.fault.message];
  const { offset, takenAt, bytes, keys, rules } = entry;
  return [String(offset), takenAt, size(bytes), String(keys), rulesText(rules)];
}

export const LISTED_HEAD = ["OFFSET", "TAKEN AT", "SIZE", "KEYS", "RULES"];

export function rulesText(rules: readonly RuleVersion[]): string {
  return rules.map(({ name, version }) => `${name} v${version}`).join(", ");
}

function list(entries: readonly Listed[]): Shown {
  const rows = entries.map((entry) => [String(entry.id), entry.kind, entry.name ?? "", ...listedCells(entry)]);
  return { json: entries, lines: table(["ID", "KIND", "NAME", ...LISTED_HEAD], rows) };
}
