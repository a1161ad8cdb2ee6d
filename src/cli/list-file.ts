/** A named list in a file: `--list high_risk=countries.txt`, one value per line; a line that is JSON is that value, any other is text. */

import { readFile } from "node:fs/promises";
import type { ListRecord, ListValue } from "../engine/log/log-record.ts";
import { cannotRead, UsageError } from "./usage.ts";

export async function readListFile(option: string): Promise<Pick<ListRecord, "name" | "change">> {
  const equals = option.indexOf("=");
  if (equals < 1) throw new UsageError(`\`--list ${option}\`: expected NAME=FILE`);
  const [name, file] = [option.slice(0, equals), option.slice(equals + 1)];
  const text = await readFile(file, "utf8").catch(cannotRead(file));
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return { name, change: { put: lines.map(valueOf) } };
}

function valueOf(line: string): ListValue {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === "number" || typeof value === "boolean" || typeof value === "string" ? value : line;
  } catch {
    return line;
  }
}
