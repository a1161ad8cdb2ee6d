/** Events on which every engine fails, because they say so: what a bug of ours would do. One simulation at a time. */

import type { Answer } from "../../../src/engine/shards/answer.ts";
import { Engine } from "../../../src/engine/engine.ts";
import type { LogRecord } from "../../../src/engine/log/log-record.ts";

/** Whether an engine that begins again passes the event. */
export type Fault = "once" | "always";

class InjectedFault extends Error {
  override readonly name = "InjectedFault";

  constructor(said: string) {
    super(`${SAYS}${said}`);
  }
}

const SAYS = "the event says: ";

/** Of an error that has come from another thread only the text is left. */
export function isInjected(error: unknown): boolean {
  const { message } = error as { readonly message?: unknown };
  return typeof message === "string" && message.startsWith(SAYS);
}

/** Those that have been passed over once; null while no engine fails. */
let failed: Set<string> | null = null;

/** From now on engines fail, as if no event had been there before; gives the function after which they do not. */
export function injectFaults(): () => void {
  failed = new Set();
  return () => {
    failed = null;
  };
}

/** Null for what no engine fails on. */
export function faultOf(record: LogRecord): Fault | null {
  return (saidBy(record)?.split(" ")[0] as Fault | undefined) ?? null;
}

const advance = Reflect.get(Engine.prototype, "advance") as (this: Engine, record: LogRecord) => Answer;

Engine.prototype.advance = function (this: Engine, record: LogRecord) {
  const said = saidBy(record);
  if (failed !== null && said !== null && (faultOf(record) === "always" || !failed.has(said))) {
    failed.add(said);
    throw new InjectedFault(said);
  }
  return advance.call(this, record);
};

function saidBy(record: LogRecord): string | null {
  const said = record.kind === "event" ? record.data["fault"] : undefined;
  return typeof said === "string" ? said : null;
}
