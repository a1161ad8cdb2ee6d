/**
 * One Postgres for the whole run, started when the first suite asks for it: a run that needs none pays nothing. Suites
 * run in processes of their own, so they ask over a socket, whose path is in TEST_PG; the answer is the server's URL.
 */

import { chmod, mkdtemp } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/app/embedded-postgres.ts";
import { type TestServer, setTestServer } from "./test-server.ts";

export default async function globalSetup(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tripline-test-"));
  await chmod(folder, 0o711); // as root, the server runs under another account
  let started: Promise<EmbeddedPostgres> | null = null;
  const broker = createServer((socket) => {
    started ??= startEmbeddedPostgres({ dataDir: folder, settings: QUICK_AND_UNSAFE, initdbFlags: ["--no-sync"] });
    started.then(
      ({ url }) => socket.end(url),
      (error: Error) => socket.destroy(error),
    );
  });
  const path = join(folder, "broker.sock");
  await new Promise<void>((resolve) => void broker.listen(path, resolve));
  broker.unref();
  process.env["TEST_PG"] = path;
  const server: TestServer = { folder, broker, started: () => started };
  setTestServer(server);
}

const QUICK_AND_UNSAFE = {
  fsync: "off",
  full_page_writes: "off",
  max_connections: "200",
  max_prepared_transactions: "50",
  shared_buffers: "64MB",
};
