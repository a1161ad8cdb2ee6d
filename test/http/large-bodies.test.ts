import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { limits } from "../../src/core/limits.ts";
import { httpService, type Answer, type Call } from "../support/http-service.ts";

const MIB = 1024 * 1024;
const service = httpService();
beforeAll(() => service.postRules("stream s { time at }"));

const JSON_TYPE = "application/json";
const NDJSON_TYPE = "application/x-ndjson";

function post(body: Call["body"] & {}, { type = NDJSON_TYPE, headers = {} }: Omit<Call, "body"> = {}): Promise<Answer> {
  return service.call("POST /v1/streams/s/events", { body, type, headers });
}

/** A body that is made while it is sent; its length is not told before. */
function chunked(chunks: Iterable<string>): ReadableStream {
  const iterator = chunks[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const { value, done } = iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(Buffer.from(value));
    },
  });
}

function* repeat(text: string, times: number): Generator<string> {
  for (let i = 0; i < times; i++) yield text;
}

describe("newline-delimited JSON", () => {
  test("is taken in any length, in memory that does not grow with it", async () => {
    const line = `${JSON.stringify({ at: 1, pad: "x".repeat(1000) })}\n`;
    const mib = line.repeat(Math.ceil(MIB / line.length));
    const lines = mib.length / line.length;
    let heldMax = 0;
    // What the log keeps is not what is measured here, so nothing is kept.
    const ingest = service.service.ingest.bind(service.service);
    service.service.ingest = (_stream, documents) => {
      heldMax = Math.max(heldMax, JSON.stringify(documents).length);
      return Promise.resolve({ accepted: documents.length, duplicates: 0, rejected: [], lastOffset: 0 });
    };
    const before = process.memoryUsage().rss;
    const answer = await post(chunked(repeat(mib, 40)));
    service.service.ingest = ingest;
    expect(answer.json()).toMatchObject({ accepted: 40 * lines, rejectedTotal: 0 });
    expect(heldMax).toBeLessThan(limits.chunkBytesMax + 2 * MIB);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * MIB);
  });

  test("is not read on before a batch is durable", async () => {
    const line = `${JSON.stringify({ at: 1, pad: "x".repeat(1000) })}\n`;
    const ingest = service.service.ingest.bind(service.service);
    let letGo = (): void => undefined;
    const durable = new Promise<void>((resolve) => (letGo = resolve));
    service.service.ingest = async (_stream, documents) => {
      await durable;
      return { accepted: documents.length, duplicates: 0, rejected: [], lastOffset: 0 };
    };
    let sent = 0;
    const posting = post(
      chunked(
        (function* () {
          for (; sent < 100; sent++) yield line.repeat(1000);
        })(),
      ),
    );
    // The client stalls: what is on its way is bounded by the batch and by the sockets' buffers.
    let before = -1;
    while (before !== sent) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(sent).toBeLessThan(50);
    letGo();
    expect((await posting).json()).toMatchObject({ accepted: 100_000 });
    service.service.ingest = ingest;
  });

  test("a line that is too long is rejected alone, and not held", async () => {
    const long = (function* () {
      yield '{"at":1}\n{"at":2,"pad":"';
      yield* repeat("x".repeat(MIB), 3);
      yield '"}\n{"at":3}\n';
    })();
    const answer = await post(chunked(long));
    expect(answer.json()).toMatchObject({
      accepted: 2,
      rejected: [
        { index: 1, code: "event-too-long", message: expect.stringContaining("line 2 has 3145745 bytes") as unknown },
      ],
    });
  });

  test("bad lines are listed up to a limit, and counted beyond it", async () => {
    const answer = await post(`${"nope\n".repeat(2500)}{"at":1}\n`);
    const { rejected, ...counts } = answer.json<{ rejected: { index: number }[] }>();
    expect(counts).toMatchObject({ accepted: 1, rejectedTotal: 2500 });
    expect(rejected.map(({ index }) => index)).toEqual(Array.from({ length: limits.rejectionsListedMax }, (_, i) => i));
  });

  test("what the reader refuses and what the service refuses are told in the order of the request", async () => {
    const answer = await post('{"at":"x"}\n\nnope\n{"at":1}\n7\n{"at":"y"}\n{"at":2}');
    expect(answer.json()).toMatchObject({
      accepted: 2,
      rejected: [
        { index: 0, code: "bad-time" },
        { index: 1, code: "bad-json", message: expect.stringContaining("line 3, column 1") as unknown },
        { index: 3, code: "not-an-object" },
        { index: 4, code: "bad-time" },
      ],
    });
  });

  test("blank lines and a missing last newline are fine, and so is an empty body", async () => {
    expect((await post('\n \n{"at":1}\r\n\r\n{"at":2}')).json()).toMatchObject({ accepted: 2, rejected: [] });
    expect((await post("")).json()).toMatchObject({ accepted: 0, rejected: [], lastOffset: null });
  });

  test("may be compressed", async () => {
    const body = gzipSync('{"at":1}\nnope\n'.repeat(3000));
    const answer = await post(body, { headers: { "content-encoding": "gzip" } });
    expect(answer.json()).toMatchObject({ accepted: 3000, rejectedTotal: 3000 });
  });

  test("compressed data that breaks off says what was taken before", async () => {
    const whole = gzipSync(Array.from({ length: 20_000 }, (_, i) => `{"at":${i}}\n`).join(""));
    const answer = await post(whole.subarray(0, -100), { headers: { "content-encoding": "gzip" } });
    expect(answer.status).toBe(400);
    expect(answer.json<{ accepted: number }>().accepted).toBeGreaterThan(0);
  });
});

describe("one JSON document", () => {
  const tooLong = () => repeat(" ".repeat(MIB), 17);

  test("over the limit is refused: by its length, as it comes, and as it unfolds", async () => {
    const answers = [
      await post([...tooLong()].join(""), { type: JSON_TYPE }),
      await post(chunked(tooLong()), { type: JSON_TYPE }),
      await post(gzipSync([...tooLong()].join("")), { type: JSON_TYPE, headers: { "content-encoding": "gzip" } }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(413);
      expect(answer.json()).toMatchObject({ code: "document-too-large" });
    }
  });

  test("just under the limit is taken", async () => {
    const answer = await post(`[{"at":1}${" ".repeat(16 * MIB - 10)}]`, { type: JSON_TYPE });
    expect(answer.json()).toMatchObject({ accepted: 1 });
  });

  test("an event in it that is too long is rejected alone", async () => {
    const events = [{ at: 1 }, { at: 2, pad: "x".repeat(limits.eventBytesMax) }, { at: 3 }];
    const answer = await post(JSON.stringify(events), { type: JSON_TYPE });
    expect(answer.json()).toMatchObject({ accepted: 2, rejected: [{ index: 1, code: "event-too-long" }] });
  });

  test("as deep as it likes is no danger", async () => {
    const deep = `{"at":1,"x":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    const answer = await post(deep, { type: JSON_TYPE });
    expect(answer.json()).toMatchObject({ accepted: 0, rejected: [{ index: 0, code: "too-deep" }] });
    expect((await post(deep.slice(0, 90_000), { type: JSON_TYPE })).status).toBe(400);
  });
});

describe("a refusal reaches a client that is still sending", () => {
  /** A client that sends its whole body before it looks for an answer, as most libraries do. */
  async function sendAll(head: string, bodyMib: number): Promise<string> {
    const socket: Socket = connect(Number(new URL(service.url).port), "127.0.0.1");
    let answer = "";
    await once(socket, "connect");
    socket.pause();
    const mib = Buffer.alloc(MIB, " ");
    socket.write(`${head}\r\nHost: localhost\r\nContent-Length: ${bodyMib * MIB}\r\n\r\n`);
    for (let i = 0; i < bodyMib; i++) {
      if (!socket.write(mib)) await once(socket, "drain");
    }
    socket.setEncoding("utf8").on("data", (text: string) => (answer += text));
    socket.resume();
    while (!answer.includes("\r\n\r\n")) await once(socket, "data");
    socket.destroy();
    return answer.split("\r\n")[0]!;
  }

  const json = "Content-Type: application/json";

  test.each([
    ["an answer that keeps the connection", "", 413],
    ["an answer that closes it", "\r\nConnection: close", 413],
  ])("%s", async (_name, connection, status) => {
    const line = await sendAll(`POST /v1/streams/s/events HTTP/1.1\r\n${json}${connection}`, 40);
    expect(line).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  test("a body that no route asked for", async () => {
    expect(await sendAll("POST /v1/nothing HTTP/1.1\r\nConnection: close", 20)).toMatch(/^HTTP\/1.1 404 /);
  });
});

test("a client that goes away in the middle leaves nothing behind but what was whole", async () => {
  const events = service.service.stream("s")!.events;
  const socket = connect(Number(new URL(service.url).port), "127.0.0.1");
  await once(socket, "connect");
  socket.write("POST /v1/streams/s/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n");
  socket.write('Content-Length: 1000\r\n\r\n{"at":1}\n{"at"');
  await new Promise((resolve) => socket.write(":", resolve));
  socket.destroy();
  expect((await service.call("GET /healthz")).status).toBe(200);
  expect(service.service.stream("s")!.events).toBe(events);
  expect(service.logged).toEqual([]);
});
