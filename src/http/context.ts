/** What the HTTP layer is given, and what every handler of it sees. */

import type { HttpBindings } from "@hono/node-server";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context as HonoContext } from "hono";
import { UserError } from "../core/errors.ts";
import type {
  AlertReader,
  Clock,
  DeliveryAttempt,
  DeliveryReader,
  Destination,
  DestinationStore,
  LateEventReader,
} from "../engine/ports.ts";
import type { Gone } from "../engine/log/alert-retention.ts";
import type { CheckpointStore } from "../engine/checkpoint/checkpoint-port.ts";
import type { Savepoints } from "../engine/checkpoint/savepoints.ts";
import type { RequestKeys } from "../engine/log/idempotency.ts";
import type { Service } from "../engine/service/service-types.ts";

/** The engine behind its log, the stores to read from, and the way to the world's webhooks. */
export interface Backend {
  readonly service: Service;
  readonly alerts: AlertReader;
  readonly late: LateEventReader;
  readonly checkpoints: CheckpointStore;
  readonly requestKeys: RequestKeys;
  readonly destinations: DestinationStore;
  readonly deliveries: DeliveryReader;
  /** UserError when the service must not post to that URL. */
  readonly checkEndpoint: (url: string) => void;
  /** Attempts to deliver since the process began, by what came of them. */
  readonly attempts: () => Readonly<Record<AttemptResult, number>>;
  /** Old alerts and deliveries removed since the process began. */
  readonly pruned: () => Gone;
  /** The process is to end, in order; requests under way are answered. */
  readonly stop: () => void;
  /** Sends a sample alert now, once; what came back is data, whatever it was. */
  readonly sendTest: (destination: Destination) => Promise<DeliveryAttempt>;
}

/** `failed` attempts are made again; after a `dead` one the delivery is given up. */
export type AttemptResult = "delivered" | "failed" | "dead";

export interface HttpDependencies {
  /** Null while the process starts or stops: only `/v1` needs it. */
  readonly backend: () => Backend | null;
  /** Why the service cannot do its work now, in sentences; empty when it can. */
  readonly notReadyReasons: () => readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: HttpSettings;
  /** Aborts when the server is about to close: live streams end themselves. */
  readonly closing: AbortSignal;
}

export interface HttpSettings {
  /** All of `/v1` needs this bearer token; null: none is needed. */
  readonly token: string | null;
  /** Names that `Host` may have, beside the loopback ones; null: any. */
  readonly hosts: readonly string[] | null;
  /** Of this process: memory, garbage collection, event loop. Off in tests, whose process they are not about. */
  readonly processMetrics: boolean;
}

/** The part of pino's logger that is used here. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface HttpEnv {
  Bindings: HttpBindings;
  Variables: { requestId: string };
}

export type App = OpenAPIHono<HttpEnv>;
export type Context = HonoContext<HttpEnv>;

/** The backend; UserError `not-ready` before there is one. */
export function ready(dependencies: HttpDependencies): Backend {
  const backend = dependencies.backend();
  if (backend !== null) return backend;
  throw new UserError({
    code: "not-ready",
    message: dependencies.notReadyReasons().join("; ") || "the service is starting",
    hint: "try again in a moment; /readyz tells when",
  });
}

/** UserErrors `not-ready`, `no-checkpoints`. */
export function savepointsOf(dependencies: HttpDependencies): Savepoints {
  const { savepoints } = ready(dependencies).service;
  if (savepoints !== null) return savepoints;
  throw new UserError({
    code: "no-checkpoints",
    message: "this service takes no checkpoints, and so has no savepoints: each start reads the whole log",
  });
}
