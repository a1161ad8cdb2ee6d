/**
 * `tripline run FILES --events FILE`: rules over a bounded stream, with no service and no database. Alerts go to standard
 * output as they are found; at the end of the input event time goes to the end, so that everything still open is closed.
 */

import { parseArgs } from "node:util";
import { UserError } from "../core/errors.ts";
import type { Json, JsonObject } from "../core/event.ts";
import { parseJson } from "../core/json.ts";
import { limits } from "../core/limits.ts";
import { isBlank, splitLines, type Line } from "../core/lines.ts";
import { isRefused } from "../engine/rules/check-rules.ts";
import { BoundedRun } from "../engine/bounded-run.ts";
import type { Output } from "../engine/output.ts";
import { count } from "./count.ts";
import { EXIT } from "./exit-code.ts";
import { openInput } from "./input-file.ts";
import { Lines } from "./output-lines.ts";
import { Progress } from "./progress.ts";
import { readListFile } from "./list-file.ts";
import { loadFiles, readRuleFiles, renderFile } from "./rule-files.ts";
import { asUsageError, UsageError } from "./usage.ts";

/** Rejections told one by one; more are only counted. */
const REJECTIONS_SHOWN_MAX = 20;

export async function run(args: string[]): Promise<number> {
  const { files, events, stream, lists } = options(args);
  const job = new BoundedRun();
  for (const list of await Promise.all(lists.map(readListFile)))
    job.engine.apply({ kind: "list", offset: -1, ...list });
  const checked = loadFiles(job.engine, await readRuleFiles(files));
  for (const file of checked) process.stderr.write(renderFile(file));
  if (checked.some(({ diagnostics }) => isRefused(diagnostics))) return EXIT.refused;
  requireTime(job);
  const source = await openInput(events);
  return new Run(job, stream, source.bytes).consume(source.chunks);
}

interface RunOptions {
  readonly files: string[];
  readonly events: string;
  readonly stream: string | undefined;
  /** `NAME=FILE` each. */
  readonly lists: readonly string[];
}

function options(args: string[]): RunOptions {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: { events: { type: "string" }, stream: { type: "string" }, list: { type: "string", multiple: true } },
    });
  } catch (error) {
    throw asUsageError(error);
  }
  const { events, stream, list: lists = [] } = parsed.values;
  if (events === undefined)
    throw new UsageError("`--events` is missing", "`--events FILE`, or `--events -` for standard input");
  return { files: parsed.positionals, events, stream, lists };
}

/** Time of arrival means nothing for a file. */
function requireTime(job: BoundedRun): void {
  for (const { name, streams } of job.engine.rules.definitions()) {
    const timeless = streams.find((each) => job.engine.stream(each)?.definition.time === null);
    if (timeless !== undefined) {
      throw new UsageError(
        `the rule \`${name}\` reads the stream \`${timeless}\`, which declares no \`time\``,
        `a file has no times of arrival: add \`stream ${timeless} { time PATH }\``,
      );
    }
  }
}

/** One run over one input. Mutable: it counts. */
class Run {
  readonly #job: BoundedRun;
  readonly #stream: string | undefined;
  readonly #progress: Progress;
  readonly #out = new Lines(process.stdout);
  #line = 0;
  #events = 0;
  #duplicates = 0;
  #rejected = 0;
  #late = 0;
  #alerts = 0;

  constructor(job: BoundedRun, stream: string | undefined, bytes: number | null) {
    this.#job = job;
    this.#stream = stream;
    this.#progress = new Progress(process.stderr, bytes);
  }

  async consume(chunks: AsyncIterable<Buffer>): Promise<number> {
    for await (const lines of splitLines(this.#progress.counting(chunks), { bytesMax: limits.lineBytesMax })) {
      for (const line of lines) this.#take(line);
      this.#progress.show(`${this.#events} events, ${this.#alerts} alerts`);
      await this.#out.flushed();
      if (this.#out.closed) return EXIT.ok; // the reader has seen enough
    }
    this.#write(this.#job.end());
    await this.#out.flushed();
    this.#progress.end(this.#summary());
    return this.#rejected > 0 ? EXIT.rejected : EXIT.ok;
  }

  #take(line: Line): void {
    this.#line++;
    try {
      if (line.kind === "over-long") {
        throw new UserError({
          code: "line-too-long",
          message: `${line.length} bytes, and a line has at most ${limits.lineBytesMax}`,
        });
      }
      if (isBlank(line.bytes)) return;
      const document = parseJson(line.bytes, this.#line);
      const outputs = this.#job.push(this.#streamOf(document), document);
      if (outputs === "duplicate") this.#duplicates++;
      else {
        this.#events++;
        this.#write(outputs);
      }
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#reject(error);
    }
  }

  /** The event's own `stream`, where it names one that is known; else `--stream`; else the only stream there is. */
  #streamOf(document: Json): string {
    const named = isObject(document) ? document["stream"] : undefined;
    if (typeof named === "string" && (this.#stream === undefined || this.#job.engine.stream(named) !== undefined)) {
      return named;
    }
    if (this.#stream !== undefined) return this.#stream;
    const streams = [...this.#job.engine.streams()];
    if (streams.length === 1) return streams[0]!.name;
    throw new UserError({
      code: "no-stream",
      message: "the event names no stream",
      hint: "give it a `stream` field, or name one for all with `--stream`",
    });
  }

  #write(outputs: readonly Output[]): void {
    for (const output of outputs) {
      if (output.kind === "late") this.#late++;
      else {
        this.#alerts++;
        this.#out.write(output.alert);
      }
    }
  }

  #reject({ message, hint }: UserError): void {
    this.#rejected++;
    if (this.#rejected > REJECTIONS_SHOWN_MAX) return;
    this.#progress.clear();
    process.stderr.write(`line ${this.#line}: ${message}${hint === undefined ? "" : ` (${hint})`}\n`);
    if (this.#rejected === REJECTIONS_SHOWN_MAX) process.stderr.write("further rejected lines are only counted\n");
  }

  #summary(): string {
    const parts = [count(this.#events, "event"), count(this.#alerts, "alert")];
    if (this.#duplicates > 0) parts.push(count(this.#duplicates, "duplicate"));
    if (this.#late > 0) parts.push(`${this.#late} late`);
    if (this.#rejected > 0) parts.push(`${this.#rejected} rejected`);
    return parts.join(", ");
  }
}

function isObject(document: Json): document is JsonObject {
  return typeof document === "object" && document !== null && !Array.isArray(document);
}
