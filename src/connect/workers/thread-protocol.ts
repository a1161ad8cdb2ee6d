/** What the thread that has the sources and sinks, and the ones that do divided work, say to each other besides parcels. Plain data. */

import type { MessagePort } from "node:worker_threads";
import type { TaskOptions, TaskSnapshot, TaskStatus } from "../../stream/index.ts";
import type { ValueEncoding } from "./parcel.ts";

/** What a thread is started with. */
export interface ThreadWork {
  /** URL of the module whose default export makes the streams. */
  readonly program: string;
  /** The graph that it must make, as text. */
  readonly graph: string;
  /** From 1. */
  readonly thread: number;
  /** To each other thread, by its number. */
  readonly ports: ReadonlyMap<number, MessagePort>;
  readonly encoding: ValueEncoding;
  readonly task: Omit<TaskOptions, "placement" | "outputs">;
}

export type ThreadRequest =
  /** Processing time has come so far. */
  | { readonly kind: "time"; readonly now: number }
  /** Is anything to be done, or on its way? */
  | { readonly kind: "probe" }
  | { readonly kind: "snapshot" }
  /** Closes what functions have open. */
  | { readonly kind: "close" };

export type ThreadReply =
  | { readonly kind: "ready" }
  | { readonly kind: "status"; readonly status: TaskStatus }
  | { readonly kind: "probed"; readonly isQuiet: boolean; readonly sent: number }
  | { readonly kind: "snapshot"; readonly snapshot: TaskSnapshot }
  | { readonly kind: "closed" }
  /** The thread works no more. */
  | { readonly kind: "failed"; readonly failure: ThreadFailure };

/** An error, as far as it goes from thread to thread. */
export interface ThreadFailure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}
