/** What tests of streams share: a sink that writes down what flows as text. */

import type { DataStream, StreamElement } from "../../src/stream/index.ts";

/** `a@3` is a record, `|3` a watermark, `idle` and `active` a change of status. */
export function observe<T>(stream: DataStream<T>): string[] {
  const seen: string[] = [];
  stream.elements((element) => void seen.push(textOf(element)));
  return seen;
}

/** What has been seen since the last look. */
export function drain(seen: string[]): string {
  return seen.splice(0).join(" ");
}

function textOf<T>(element: StreamElement<T>): string {
  switch (element.kind) {
    case "record":
      return `${typeof element.value === "string" ? element.value : JSON.stringify(element.value)}@${element.timestamp}`;
    case "watermark":
      return `|${element.watermark}`;
    case "idle":
      return element.idle ? "idle" : "active";
  }
}
