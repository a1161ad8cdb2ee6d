/** The bodies that events come in: one JSON object, an array of them, newline-delimited JSON of any length, or CloudEvents. */

import type { IncomingMessage } from "node:http";
import { isTooDeep } from "../core/depth.ts";
import { UserError } from "../core/errors.ts";
import type { Json } from "../core/event.ts";
import { limits } from "../core/limits.ts";
import { chunksOf, readBody, readJsonBytes } from "./body.ts";
import { binaryCloudEvent, CLOUD_EVENT, CLOUD_EVENTS, cloudEventFault, isBinaryCloudEvent } from "./cloud-events.ts";
import type { Context } from "./context.ts";
import type { Intake } from "./intake.ts";
import { parseJson, parseJsonText } from "../core/json.ts";
import { isBlank, splitLines, type Line } from "../core/lines.ts";
import { mediaType, unsupportedMediaType } from "./media-type.ts";

const NDJSON = new Set([
  "application/x-ndjson",
  "application/ndjson",
  "application/jsonl",
  "application/x-jsonlines",
  "application/jsonlines",
]);

/** Reads the whole body into the intake, and resolves when all that was accepted is durable. */
export async function readEvents(c: Context, intake: Intake): Promise<void> {
  const type = mediaType(c) ?? "application/json";
  if (NDJSON.has(type)) await readLines(c.env.incoming, intake);
  else if (type === CLOUD_EVENT || type === CLOUD_EVENTS) await readDocument(c, intake, cloudEventFault);
  else if (isBinaryCloudEvent(c)) await readBinaryCloudEvent(c, intake);
  else if (type === "application/json") await readDocument(c, intake, () => null);
  else throw unsupportedMediaType(type, ["application/json", "application/x-ndjson", CLOUD_EVENT, CLOUD_EVENTS]);
}

/** `faultOf`: what keeps one document from being an event. */
async function readDocument(c: Context, intake: Intake, faultOf: (event: Json) => UserError | null): Promise<void> {
  const body = await readJsonBytes(c);
  const document = parseJson(body);
  if (document === null || typeof document !== "object") throw notEvents(document);
  const events: readonly Json[] = Array.isArray(document) ? document : [document];
  const averageBytes = body.length / Math.max(1, events.length);
  for (const event of events) {
    takeEvent(event, body.length > limits.eventBytesMax ? sizeOf(event) : averageBytes, { intake, faultOf });
    if (intake.isFull) await intake.flush();
  }
  await intake.end();
}

async function readBinaryCloudEvent(c: Context, intake: Intake): Promise<void> {
  const type = mediaType(c) ?? "application/json";
  if (type !== "application/json" && !type.endsWith("+json")) throw unsupportedMediaType(type, ["application/json"]);
  const body = await readBody(c.env.incoming, { bytesMax: limits.documentBytesMax, what: "JSON document" });
  const event = binaryCloudEvent(c, body.length === 0 ? undefined : parseJson(body));
  takeEvent(event, sizeOf(event), { intake, faultOf: cloudEventFault });
  await intake.end();
}

function takeEvent(
  event: Json,
  bytes: number,
  { intake, faultOf }: { intake: Intake; faultOf: (event: Json) => UserError | null },
): void {
  if (intake.wasTaken(() => textOf(event))) return;
  const fault = bytes > limits.eventBytesMax ? tooLong("the event", bytes) : faultOf(event);
  if (fault === null) intake.add(event, { bytes });
  else intake.reject(fault);
}

function sizeOf(event: Json): number {
  return Buffer.byteLength(textOf(event));
}

/** One that is too deep to be written again is refused by the service, whatever its size. */
function textOf(event: Json): string {
  return isTooDeep(event, limits.eventDepthMax) ? "" : JSON.stringify(event);
}

/** Nothing is read on while two batches are under way: a client cannot be faster than the log. */
async function readLines(incoming: IncomingMessage, intake: Intake): Promise<void> {
  let lineNumber = 0;
  for await (const lines of splitLines(chunksOf(incoming), { bytesMax: limits.lineBytesMax })) {
    for (const line of lines) {
      takeLine(line, ++lineNumber, intake);
      if (intake.isFull) await intake.flush();
    }
  }
  await intake.end();
}

function takeLine(line: Line, lineNumber: number, intake: Intake): void {
  if (line.kind === "line" && isBlank(line.bytes)) return;
  if (intake.wasTaken(() => (line.kind === "line" ? line.bytes : `${line.length} bytes`))) return;
  if (line.kind === "over-long") return intake.reject(tooLong(`line ${lineNumber}`, line.length));
  try {
    const { value, text } = parseJsonText(line.bytes, lineNumber);
    intake.add(value, { bytes: line.bytes.length, text });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    intake.reject(error);
  }
}

function tooLong(what: string, bytes: number): UserError {
  return new UserError({
    code: "event-too-long",
    message: `${what} has ${bytes} bytes; an event may have ${limits.eventBytesMax}`,
  });
}

function notEvents(document: Json): UserError {
  return new UserError({
    code: "bad-body",
    message: `the body is \`${JSON.stringify(document).slice(0, 50)}\`; expected one event (a JSON object) or an array of events`,
  });
}
