/** `tripline savepoint`: made, looked into, restored, carried elsewhere in a file, removed. */

import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { listedCells, LISTED_HEAD, rulesText, taken, type Listed, type RuleVersion, type Taken } from "./checkpoint.ts";
import { openInput } from "./input-file.ts";
import { callOneOf, type Action, type ActionCall, type Shown } from "./service-command.ts";
import { named, size, table } from "./table.ts";
import { cannotWrite } from "./usage.ts";

export async function savepoint(args: string[]): Promise<number> {
  return await callOneOf("savepoint", ACTIONS, args);
}

const ACTIONS: Readonly<Record<string, Action>> = {
  create: { takes: ["NAME"], flags: ["stop"], run: create },
  list: { takes: [], run: list },
  show: { takes: ["NAME"], run: show },
  restore: { takes: ["NAME"], run: restore },
  export: { takes: ["NAME", "FILE"], run: exportFile },
  import: { takes: ["NAME", "FILE"], run: importFile },
  remove: { takes: ["NAME"], run: remove },
};

interface Detail {
  readonly name: string;
  readonly offset: number;
  readonly takenAt: string;
  readonly rules: readonly RuleVersion[];
  readonly bytes: number;
  readonly keys: number;
  readonly sizes: readonly { readonly name: string; readonly bytes: number; readonly keys: number }[];
}

async function create({ service, given: [name], flags }: ActionCall): Promise<Shown> {
  const stop = flags.has("stop");
  const { json, lines } = taken(await service.post<Taken>("/v1/savepoints", { json: { name: name!, stop } }));
  return { json, lines: stop ? [...lines, "the service stops"] : lines };
}

async function list({ service }: ActionCall): Promise<Shown> {
  const entries = await service.all<Listed>("/v1/savepoints");
  const rows = entries.map((entry) => [entry.name ?? "", ...listedCells(entry)]);
  return { json: entries, lines: table(["NAME", ...LISTED_HEAD], rows) };
}

async function show({ service, given: [name] }: ActionCall): Promise<Shown> {
  const detail = await service.get<Detail>(pathOf(name!));
  const sizes = detail.sizes.map((part) => [part.name, size(part.bytes), String(part.keys)]);
  return { json: detail, lines: [...detailLines(detail), "", ...table(["PART", "SIZE", "KEYS"], sizes)] };
}

async function restore({ service, given: [name] }: ActionCall): Promise<Shown> {
  const restored = await service.post<{ readonly name: string; readonly offset: number }>(`${pathOf(name!)}/restore`);
  return { json: restored, lines: [`savepoint ${restored.name} is restored, at offset ${restored.offset} of the log`] };
}

async function exportFile({ service, given: [name, file] }: ActionCall): Promise<Shown> {
  const bytes = await service.download(`${pathOf(name!)}/export`);
  if (file === "-") {
    await pipeline(bytes, process.stdout, { end: false }).catch(unlessClosed);
    return { json: null, lines: [] };
  }
  const written = await writeWhole(file!, bytes);
  return { json: { name, file, bytes: written }, lines: [`savepoint ${name!} is in ${file!}, ${size(written)}`] };
}

async function importFile({ service, given: [name, file] }: ActionCall): Promise<Shown> {
  const { chunks } = await openInput(file!);
  const detail = await service.post<Detail>(`${pathOf(name!)}/import`, { bytes: chunks });
  return { json: detail, lines: detailLines(detail) };
}

async function remove({ service, given: [name] }: ActionCall): Promise<Shown> {
  await service.delete(pathOf(name!));
  return { json: { name, removed: true }, lines: [`savepoint ${name!} is removed`] };
}

function pathOf(name: string): string {
  return `/v1/savepoints/${encodeURIComponent(name)}`;
}

function detailLines({ name, offset, takenAt, rules, bytes, keys }: Detail): readonly string[] {
  return named([
    ["savepoint", name],
    ["offset", String(offset)],
    ["taken at", takenAt],
    ["size", size(bytes)],
    ["keys", String(keys)],
    ["rules", rulesText(rules)],
  ]);
}

/** Whoever reads standard output has seen enough. */
function unlessClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

/** Under another name until it is whole: half a savepoint is none. Gives its length. */
async function writeWhole(file: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const draft = `${file}.part`;
  let length = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      length += chunk.length;
      yield chunk;
    }
  };
  try {
    await pipeline(counted, createWriteStream(draft, { flush: true }));
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw cannotWrite(file, error);
  }
  return length;
}
