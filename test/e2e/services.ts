/** Services for a suite: each with a folder of its own, and none left behind. */

import { afterAll } from "@jest/globals";
import { ServiceProcess } from "./service-process.ts";
import { createDatabase, dropDatabase } from "../support/postgres.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

export interface StartOptions {
  /** One that an earlier service left; otherwise a new one. */
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Call it where `describe` is called; each call of what it gives starts a service, which is not waited for. */
export function testServices(): (options?: StartOptions) => Promise<ServiceProcess> {
  const started: ServiceProcess[] = [];
  // In this order: Jest runs them as they were registered, and folders that are written to cannot be removed.
  afterAll(async () => {
    await Promise.all(started.map((service) => service.kill("SIGTERM")));
  });
  const newFolder = temporaryFolders();
  return async ({ folder, env } = {}) => {
    const service = new ServiceProcess({ folder: folder ?? (await newFolder()), ...(env && { env }) });
    started.push(service);
    return service;
  };
}

/**
 * The same over databases of the run's own Postgres, where it does not matter: each is ready sooner than with an embedded
 * one, and is waited for.
 */
export function quickServices(): (env?: StartOptions["env"]) => Promise<ServiceProcess> {
  const start = testServices();
  const databases: string[] = [];
  afterAll(async () => {
    for (const database of databases) await dropDatabase(database);
  });
  return async (env = {}) => {
    const database = await createDatabase();
    databases.push(database);
    const service = await start({ env: { DATABASE_URL: database, ...env } });
    return service.ready();
  };
}
