import { afterAll, expect, test } from "@jest/globals";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { callbackSink, execute, socketLines, type Job } from "../../../src/connect/index.ts";
import { StreamEnvironment } from "../../../src/stream/index.ts";
import { eventually } from "../../support/eventually.ts";

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** A server that serves each connection by the next of these functions; gives its port. */
async function serving(...serve: ((socket: Socket) => void)[]): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    serve.shift()?.(socket);
  });
  servers.push(server.listen(0, "127.0.0.1"));
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function reading(port: number, options: Parameters<typeof execute>[1] = {}): { job: Job; seen: string[] } {
  const env = new StreamEnvironment();
  const seen: string[] = [];
  env
    .fromSource("lines", socketLines({ host: "127.0.0.1", port }), { timestamp: () => 0 })
    .sinkTo(callbackSink((lines) => void seen.push(...lines)));
  return { job: execute(env, options), seen };
}

test("lines are read as they come, and the job is over with the connection", async () => {
  const port = await serving((socket) => {
    socket.write("one\ntw");
    socket.write("o\r\nthr");
    socket.end("ee");
  });
  const { job, seen } = reading(port);
  await expect(job.finished).resolves.toEqual({ end: "finished", restarts: 0 });
  expect(seen).toEqual(["one", "two", "three"]);
});

test("a job that is canceled lets the connection go", async () => {
  let closed: Promise<unknown> = Promise.resolve();
  const port = await serving((socket) => {
    closed = once(socket, "close");
    socket.write("one\n");
  });
  const { job, seen } = reading(port);
  await eventually(async () => seen.length === 1);
  await job.cancel();
  await closed;
  expect(job.status().state).toBe("canceled");
});

// S11.44
test("a connection that breaks makes the job fail, or connect again: what was sent meanwhile is lost", async () => {
  const breaking = (socket: Socket): void => void socket.write("one\n", () => socket.resetAndDestroy());
  const once = reading(await serving(breaking));
  await expect(once.job.finished).rejects.toThrow('source lines, split "0"');
  const port = await serving(breaking, (socket) => socket.end("two\n"));
  const twice = reading(port, { restart: { kind: "fixedDelay", attempts: 1, delayMs: 0 } });
  await expect(twice.job.finished).resolves.toEqual({ end: "finished", restarts: 1 });
  expect(twice.seen.at(-1)).toBe("two");
});

test("nobody there, and bytes that are no text, are told with the place", async () => {
  const gone = await serving();
  servers.at(-1)!.close();
  await expect(reading(gone).job.finished).rejects.toThrow(
    'source lines, split "0", at its beginning: connect ECONNREFUSED',
  );
  const port = await serving((socket) => socket.end(Buffer.from([0xff, 0x0a])));
  await expect(reading(port).job.finished).rejects.toMatchObject({ code: "bad-encoding" });
});
