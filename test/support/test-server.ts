/** The run's server, handed from the global setup to the global teardown, which Jest loads apart from each other. */

import type { Server } from "node:net";
import type { EmbeddedPostgres } from "../../src/app/embedded-postgres.ts";

export interface TestServer {
  readonly folder: string;
  readonly broker: Server;
  /** Null when no suite has asked for it. */
  started(): Promise<EmbeddedPostgres> | null;
}

const holder = globalThis as { triplineTestServer?: TestServer };

export function setTestServer(server: TestServer): void {
  holder.triplineTestServer = server;
}

export function testServer(): TestServer | undefined {
  return holder.triplineTestServer;
}
