/** Ends the run's Postgres, if a suite started it. */

import { rm } from "node:fs/promises";
import { testServer } from "./test-server.ts";

export default async function globalTeardown(): Promise<void> {
  const server = testServer();
  if (server === undefined) return;
  server.broker.close();
  await (await server.started())?.stop();
  await rm(server.folder, { recursive: true, force: true });
}
