/** `tripline fmt FILES`: rule files in their canonical layout, written back; `--check` only tells which are not in it. */

import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { decodeUtf8 } from "../core/json.ts";
import { formatSource } from "../lang/format.ts";
import { EXIT } from "./exit-code.ts";
import { readRuleFiles, renderFile, type SourceFile } from "./rule-files.ts";
import { asUsageError, UsageError } from "./usage.ts";

export async function fmt(args: string[]): Promise<number> {
  const { values, positionals } = parsed(args);
  const check = values.check === true;
  if (positionals.includes("-")) {
    if (positionals.length > 1) throw new UsageError("`-` is standard input, and stands alone");
    return formatStandardInput({ check });
  }
  // A file that cannot be formatted does not keep the others from it.
  const codes = [];
  for (const file of await readRuleFiles(positionals)) codes.push(await formatFile(file, { check }));
  return codes.find((code) => code !== EXIT.ok) ?? EXIT.ok;
}

interface FmtOptions {
  readonly check: boolean;
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { check: { type: "boolean" } } });
  } catch (error) {
    throw asUsageError(error);
  }
}

async function formatFile(file: SourceFile, { check }: FmtOptions): Promise<number> {
  const text = formatted(file);
  if (text === null) return EXIT.refused;
  if (text === file.source) return EXIT.ok;
  process.stdout.write(`${file.fileName}\n`);
  if (check) return EXIT.refused;
  await writeFile(file.fileName, text).catch((error: Error) => {
    throw new UsageError(`cannot write ${file.fileName}: ${error.message}`);
  });
  return EXIT.ok;
}

async function formatStandardInput({ check }: FmtOptions): Promise<number> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
  const file = { fileName: "standard input", source: decodeUtf8(Buffer.concat(chunks)) };
  const text = formatted(file);
  if (text === null) return EXIT.refused;
  if (!check) process.stdout.write(text);
  else if (text !== file.source) process.stdout.write(`${file.fileName}\n`);
  return check && text !== file.source ? EXIT.refused : EXIT.ok;
}

/** Null, with the reason on standard error, for what does not parse. */
function formatted(file: SourceFile): string | null {
  const result = formatSource(file.source);
  if ("text" in result) return result.text;
  process.stderr.write(renderFile({ ...file, diagnostics: result.diagnostics }));
  return null;
}
