/** A run's database, and what can befall it: one of the campaign's own Postgres, or the one that the service starts for itself. */

import { readFile } from "node:fs/promises";
import path from "node:path";

/** As the report tells of them. */
export const TROUBLES = {
  database: "Postgres killed",
  connections: "connections cut",
  disk: "disk full",
  refusals: "inserts refused, as if the disk were full",
  alerts: "alerts held up, and killed before they are written",
  sink: "the alert sink's connections cut",
} as const;
export type Trouble = keyof typeof TROUBLES;

export interface Database {
  /** What the service is told of it. */
  readonly env: Readonly<Record<string, string>>;
  readonly troubles: readonly Trouble[];
  /** The alert sink, with two phases; null where there is none. */
  readonly sink: SinkTable | null;
  /** Goes on while `during` does; resolves when it is over. */
  befall(trouble: Trouble, during: () => Promise<void>): Promise<void>;
}

export interface SinkTable {
  /** Of the alerts that others see there. */
  ids(): Promise<readonly string[]>;
  /** Transactions that are neither committed nor aborted. */
  prepared(): Promise<number>;
}

/** The embedded one of a service whose folder this is; the service starts it again. */
export function ownDatabase(folder: string): Database {
  return {
    env: {},
    troubles: ["database"],
    sink: null,
    async befall() {
      await killPostgres(path.join(folder, "data", "postgres"));
    },
  };
}

/** With SIGKILL, by its data folder. */
export async function killPostgres(folder: string): Promise<void> {
  const pid = Number((await readFile(path.join(folder, "postmaster.pid"), "utf8")).split("\n")[0]);
  process.kill(pid, "SIGKILL");
}
