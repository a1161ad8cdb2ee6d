/** Stores that fail, or take their time, as a database does that is restarted under load. */

import type { LogRecord } from "../../src/engine/log/log-record.ts";
import type { Output } from "../../src/engine/output.ts";
import type { AlertWriter, BesidesRecords, EventLog, Patience, StoredAlert } from "../../src/engine/ports.ts";

/** What becomes of one call: done; refused; or done, and the answer lost. */
export type Fate = "done" | "refused" | "answer lost";

/** Lets calls through one by one, once it is closed. */
export class Gate {
  #open: Promise<void> = Promise.resolve();
  #release: () => void = () => undefined;

  close(): void {
    this.#open = new Promise((resolve) => (this.#release = resolve));
  }

  open(): void {
    this.#release();
  }

  passed(): Promise<void> {
    return this.#open;
  }
}

/** Calls meet the fates in turn, and are done after the last. */
class Fates {
  readonly #fates: Fate[];

  constructor(fates: readonly Fate[]) {
    this.#fates = [...fates];
  }

  async meet<T>(call: () => Promise<T>): Promise<T> {
    const fate = this.#fates.shift() ?? "done";
    if (fate === "refused") throw new Error(fate);
    const answer = await call();
    if (fate === "answer lost") throw new Error(fate);
    return answer;
  }
}

export class UnreliableLog implements EventLog {
  readonly gate = new Gate();
  /** Chunks as they were sent, again and again if need be: their first and last offsets. */
  readonly sent: string[] = [];
  readonly #log: EventLog;
  readonly #fates: Fates;

  constructor(log: EventLog, fates: readonly Fate[] = []) {
    this.#log = log;
    this.#fates = new Fates(fates);
  }

  end(): Promise<number> {
    return this.#log.end();
  }

  read(from: number): AsyncIterable<readonly LogRecord[]> {
    return this.#log.read(from);
  }

  async append(chunk: readonly LogRecord[], besides: BesidesRecords = {}): Promise<void> {
    this.sent.push(chunk.length === 0 ? "none" : `${chunk[0]!.offset}-${chunk.at(-1)!.offset}`);
    await this.gate.passed();
    await this.#fates.meet(() => this.#log.append(chunk, besides));
  }
}

export class UnreliableAlerts implements AlertWriter {
  readonly gate = new Gate();
  /** How many alerts each call brought, and through which offset. */
  readonly sent: string[] = [];
  readonly #alerts: AlertWriter;
  readonly #fates: Fates;

  constructor(alerts: AlertWriter, fates: readonly Fate[] = []) {
    this.#alerts = alerts;
    this.#fates = new Fates(fates);
  }

  writtenThrough(): Promise<number> {
    return this.#alerts.writtenThrough();
  }

  async write(outputs: readonly Output[], throughOffset: number): Promise<readonly StoredAlert[]> {
    this.sent.push(`${outputs.length} through ${throughOffset}`);
    await this.gate.passed();
    return await this.#fates.meet(() => this.#alerts.write(outputs, throughOffset));
  }
}

/** Tries again at once; keeps what went wrong, as `attempt: message`. */
export class Impatience implements Patience {
  readonly met: string[] = [];

  beforeRetry(attempt: number, error: unknown): Promise<void> {
    this.met.push(`${attempt}: ${(error as Error).message}`);
    return Promise.resolve();
  }
}
