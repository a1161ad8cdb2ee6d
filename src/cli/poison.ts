/** `tripline poison`: records that the engine goes on without, and one of them logged once more. */

import { callOneOf, type ActionCall, type Shown } from "./service-command.ts";
import { named, table } from "./table.ts";

export async function poison(args: string[]): Promise<number> {
  return await callOneOf(
    "poison",
    {
      list: { takes: [], run: list },
      show: { takes: ["OFFSET"], run: show },
      retry: { takes: ["OFFSET"], run: retry },
    },
    args,
  );
}

interface PoisonRecord {
  readonly offset: number;
  readonly kind: string;
  /** JSON. */
  readonly record: string;
  readonly error: string;
  readonly at: string;
  readonly replayedAs: number | null;
}

async function list({ service }: ActionCall): Promise<Shown> {
  const records = await service.all<PoisonRecord>("/v1/poison-records");
  const rows = records.map(({ offset, kind, error, at, replayedAs }) => [
    String(offset),
    kind,
    at,
    replayedAs === null ? "" : String(replayedAs),
    error.split("\n")[0]!,
  ]);
  return { json: records, lines: table(["OFFSET", "KIND", "SET ASIDE AT", "LOGGED AGAIN AS", "ERROR"], rows) };
}

async function show({ service, given: [offset] }: ActionCall): Promise<Shown> {
  const record = await service.get<PoisonRecord>(pathOf(offset!));
  return {
    json: record,
    lines: named([
      ["offset", String(record.offset)],
      ["kind", record.kind],
      ["set aside at", record.at],
      ["logged again as", record.replayedAs === null ? "it has not been" : String(record.replayedAs)],
      ["error", ...record.error.split("\n")],
      ["record", record.record],
    ]),
  };
}

async function retry({ service, given: [offset] }: ActionCall): Promise<Shown> {
  const record = await service.post<PoisonRecord>(`${pathOf(offset!)}/replay`);
  return { json: record, lines: [`record ${record.offset} is logged once more, at offset ${record.replayedAs}`] };
}

function pathOf(offset: string): string {
  return `/v1/poison-records/${encodeURIComponent(offset)}`;
}
