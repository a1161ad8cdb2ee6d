/** What the demo shows: lines that stay, and on a terminal one below them that moves. */

import type { Alert } from "../../engine/output.ts";
import type { Severity } from "../../lang/definition.ts";

export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const PAINT = { bold: "1", dim: "2", red: "31", green: "32", yellow: "33", magenta: "35", cyan: "36" } as const;
type Paint = keyof typeof PAINT;

const SEVERITY_PAINT: Readonly<Record<Severity, Paint>> = {
  info: "dim",
  low: "cyan",
  medium: "yellow",
  high: "magenta",
  critical: "red",
};

const ERASE_LINE = "\r\u001b[K";

export class Screen {
  readonly #out: Terminal;
  readonly #live: boolean;
  #status = "";

  constructor(out: Terminal) {
    this.#out = out;
    this.#live = out.isTTY === true;
  }

  line(text = ""): void {
    this.#out.write(`${this.#erase()}${text}\n${this.#status}`);
  }

  /** Replaces the moving line; without a terminal nothing moves, so nothing is written. */
  status(text: string): void {
    if (!this.#live) return;
    const erase = this.#erase();
    // Terminals that do not know their width say 0.
    this.#status = text === "" ? "" : this.paint("dim", text.slice(0, (this.#out.columns || 80) - 1));
    this.#out.write(`${erase}${this.#status}`);
  }

  alert(alert: Alert): void {
    const severity = this.paint(SEVERITY_PAINT[alert.severity], alert.severity.padEnd(8));
    const told = alert.emit["message"];
    const message = typeof told === "string" ? told : JSON.stringify(alert.emit);
    const held = alert.suppressed > 0 ? this.paint("dim", ` (+${alert.suppressed} held)`) : "";
    this.line(`${clockTime(alert.at)}  ${severity}  ${alert.rule.padEnd(24)}  ${message}${held}`);
  }

  paint(paint: Paint, text: string): string {
    return this.#live ? `\u001b[${PAINT[paint]}m${text}\u001b[0m` : text;
  }

  #erase(): string {
    return this.#status === "" ? "" : ERASE_LINE;
  }
}

/** `12:03:27` of an RFC 3339 text; the ends of time stay as they are. */
export function clockTime(time: string): string {
  return /T(\d\d:\d\d:\d\d)/.exec(time)?.[1] ?? time;
}
