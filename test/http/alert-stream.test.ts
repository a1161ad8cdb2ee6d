import { beforeAll, describe, expect, test } from "@jest/globals";
import { limits } from "../../src/core/limits.ts";
import { httpService, login, TWO_FAILURES } from "../support/http-service.ts";

const service = httpService();
beforeAll(() => service.postRules(TWO_FAILURES));

/** An open stream, read event by event. */
class Reader {
  readonly #body: AsyncIterator<Uint8Array>;
  readonly #abort: AbortController;
  #text = "";
  lastId = "";

  constructor(answer: Response, abort: AbortController) {
    this.#body = answer.body![Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    this.#abort = abort;
  }

  /** The keys of the next alerts. */
  async keys(count: number): Promise<string[]> {
    const keys: string[] = [];
    while (keys.length < count) {
      const block = await this.#block();
      const id = /^id: (.*)$/m.exec(block)?.[1];
      if (id !== undefined) this.lastId = id;
      const data = /^event: alert\ndata: (.*)$/m.exec(block)?.[1];
      if (data !== undefined) keys.push((JSON.parse(data) as { key: string }).key);
    }
    return keys;
  }

  close(): void {
    this.#abort.abort();
  }

  async #block(): Promise<string> {
    while (!this.#text.includes("\n\n")) {
      const { value, done } = await this.#body.next();
      if (done === true) throw new Error("the stream has ended");
      this.#text += Buffer.from(value).toString();
    }
    const end = this.#text.indexOf("\n\n") + 2;
    const block = this.#text.slice(0, end);
    this.#text = this.#text.slice(end);
    return block;
  }
}

async function open(query = "", headers: Record<string, string> = {}): Promise<Reader> {
  const abort = new AbortController();
  const answer = await fetch(`${service.url}/v1/alerts/stream${query}`, { headers, signal: abort.signal });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  return new Reader(answer, abort);
}

let second = 0;

/** Makes an alert for each key, in order. */
async function alert(...keys: string[]): Promise<void> {
  second += 2;
  const at = (time: number) => keys.map((key) => login(time, key));
  await service.postEvents("logins", [...at(second), ...at(second + 1)]);
}

describe("GET /v1/alerts/stream", () => {
  test("starts from now, and gives each alert as it is committed", async () => {
    await alert("before");
    await service.settled();
    const reader = await open();
    await alert("a", "b");
    expect(await reader.keys(2)).toEqual(["a", "b"]);
    await alert("c");
    expect(await reader.keys(1)).toEqual(["c"]);
    reader.close();
  });

  test("resumes after the last id that was seen: nothing is missing, nothing comes twice", async () => {
    const first = await open();
    await alert("d", "e", "f");
    expect(await first.keys(2)).toEqual(["d", "e"]);
    first.close();
    await alert("g");
    const second = await open("", { "last-event-id": first.lastId });
    await alert("h");
    expect(await second.keys(3)).toEqual(["f", "g", "h"]);
    second.close();
  });

  test("who was cut off before the first alert resumes from where the stream began", async () => {
    const first = await open();
    await alert("i");
    await service.settled();
    const start = Number(await first.keys(1).then(() => first.lastId)) - 1;
    first.close();
    const second = await open(`?lastEventId=${start}`);
    expect(await second.keys(1)).toEqual(["i"]);
    second.close();
  });

  test("`0` gives every alert there is", async () => {
    const reader = await open("?lastEventId=0");
    expect((await reader.keys(10)).join(" ")).toBe("before a b c d e f g h i");
    reader.close();
  });

  test("an id that this service has not given yet is taken for now", async () => {
    const reader = await open("?lastEventId=999999999999");
    await alert("j");
    expect(await reader.keys(1)).toEqual(["j"]);
    reader.close();
  });

  test("can be narrowed to a rule or a severity", async () => {
    await service.postRules(
      TWO_FAILURES.replace("rule two_failures", "rule other").replace("severity high", "severity low"),
    );
    const high = await open("?severity=high");
    const other = await open("?rule=other&severity=low");
    await alert("k");
    await alert("l");
    expect(await high.keys(2)).toEqual(["k", "l"]);
    expect(await other.keys(2)).toEqual(["k", "l"]);
    high.close();
    other.close();
  });

  test("has places for so many readers, and a place is free again when its reader goes", async () => {
    const readers = await Promise.all(Array.from({ length: limits.alertStreamsMax }, () => open()));
    const refused = await service.call("GET /v1/alerts/stream");
    expect(refused.status).toBe(503);
    expect(refused.json()).toMatchObject({ code: "too-many-readers" });
    expect(refused.headers.get("retry-after")).toBe("1");

    readers[0]!.close();
    let answer: Response;
    const abort = new AbortController();
    do answer = await fetch(`${service.url}/v1/alerts/stream`, { signal: abort.signal });
    while (answer.status === 503);
    abort.abort();
    for (const reader of readers) reader.close();
  });
});
