/** Bodies that are too large to hold: one JSON document is refused early, lines are taken in flat memory. */

import { request, type IncomingMessage } from "node:http";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, test } from "@jest/globals";
import type { ServiceProcess } from "./service-process.ts";
import { quickServices } from "./services.ts";

const MIB = 2 ** 20;
/** Of lines. `E2E_MEBIBYTES=100 npm test -- test/e2e/large-bodies` sends more. */
const MEBIBYTES = Number(process.env["E2E_MEBIBYTES"] ?? 15);
/** Left to itself, V8 puts off its work as long as there is memory, and nothing could be seen. */
const SMALL_HEAP = { NODE_OPTIONS: "--max-old-space-size=64" };

const startService = quickServices();
let service: ServiceProcess;
beforeAll(async () => {
  service = await startService(SMALL_HEAP);
  await service.postRules("stream visits { time at }\nrule never { from visits pattern { begin v where page == 7 } }");
});

/** A part of a body that is made while it is sent. */
interface Sending {
  readonly type: string;
  /** What the header says; chunked without it. */
  readonly length?: number;
  readonly parts: Iterable<string> | AsyncIterable<string>;
}

/** Sends part by part until there is an answer; gives it, and how much had been sent by then. */
async function send({ type, length, parts }: Sending): Promise<{ status: number; body: string; sent: number }> {
  const outgoing = request(`${service.url}/v1/streams/visits/events`, {
    method: "POST",
    headers: { "content-type": type, ...(length !== undefined && { "content-length": length }) },
  });
  let answer: IncomingMessage | null = null;
  outgoing.once("response", (incoming: IncomingMessage) => (answer = incoming));
  const answered = once(outgoing, "response");
  let sent = 0;
  for await (const part of parts) {
    if (answer !== null) break;
    sent += part.length;
    if (!outgoing.write(part)) await Promise.race([once(outgoing, "drain"), answered]);
  }
  if (answer === null && (length === undefined || sent >= length)) outgoing.end();
  await answered;
  const incoming = answer as unknown as IncomingMessage;
  const body = await text(incoming);
  outgoing.destroy();
  return { status: incoming.statusCode!, body, sent };
}

function* times(part: string, count: number): Generator<string> {
  for (let n = 0; n < count; n++) yield part;
}

async function residentBytes(): Promise<number> {
  const { text: metrics } = await service.call("GET /metrics");
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(metrics)![1]);
}

describe("100 MB in one JSON document", () => {
  const element = JSON.stringify({ at: 1, page: 1, pad: "x".repeat(1000) });

  test("is refused by its length, before it is sent", async () => {
    const { status, body, sent } = await send({ type: "application/json", length: 100 * MIB, parts: [`[${element}`] });
    expect(status).toBe(413);
    expect(JSON.parse(body)).toMatchObject({
      code: "document-too-large",
      hint: "send it in parts; events as newline-delimited JSON (`application/x-ndjson`) have no upper count",
    });
    expect(sent).toBeLessThan(2000);
  });

  test("is refused once it is too long, when it does not tell its length", async () => {
    const mib = `${element},`.repeat(MIB / 1024);
    const { status, sent } = await send({ type: "application/json", parts: times(mib, 100) });
    expect(status).toBe(413);
    expect(sent).toBeLessThan(100 * MIB);
  });
});

test(`${MEBIBYTES} MiB of lines are all taken, and the service does not grow with them`, async () => {
  const lines = Math.floor(MIB / (visit(0).length + 1));
  let [before, most] = [0, 0];
  const parts = async function* (): AsyncGenerator<string> {
    for (let n = 0; n < MEBIBYTES; n++) {
      const resident = await residentBytes();
      if (n === WARM_UP_MIB) before = resident;
      else if (n > WARM_UP_MIB) most = Math.max(most, resident);
      yield Array.from({ length: lines }, (_, i) => `${visit(n * lines + i)}\n`).join("");
    }
  };
  const { status, body } = await send({ type: "application/x-ndjson", parts: parts() });
  expect([status, JSON.parse(body)]).toMatchObject([202, { accepted: lines * MEBIBYTES, rejectedTotal: 0 }]);
  await service.settled();
  expect((await service.call("GET /v1/streams/visits")).json()).toMatchObject({ events: lines * MEBIBYTES });
  expect(most - before).toBeLessThan(GROWTH_MAX);
});

/** By then the heap has the size that this work needs. */
const WARM_UP_MIB = 5;
/** What is under way: a chunk that is committed, one that fills. All lines, parsed, are ten times as much. */
const GROWTH_MAX = 50 * MIB;

/** Always as long. */
function visit(n: number): string {
  const second = String(n % 60).padStart(2, "0");
  return JSON.stringify({
    at: `2026-01-01T00:00:${second}Z`,
    page: 1,
    visitor: String(n).padStart(9, "0"),
    agent: "x".repeat(60),
  });
}
