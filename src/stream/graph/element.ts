/**
 * What flows through a graph: records with their event time, watermarks, and word of idleness. As data it is a closed
 * union; between chained operators each kind is a plain call, so that a record costs no allocation.
 */

import { unreachable } from "../../core/assert.ts";

export type StreamElement<T> = StreamRecord<T> | WatermarkElement | IdleElement;

export interface StreamRecord<T> {
  readonly kind: "record";
  readonly value: T;
  /** Event time, epoch milliseconds. */
  readonly timestamp: number;
}

/** No record at or before it will come any more. */
export interface WatermarkElement {
  readonly kind: "watermark";
  readonly watermark: number;
}

/** An idle input holds no watermark back; its next record or watermark makes it active again. */
export interface IdleElement {
  readonly kind: "idle";
  readonly idle: boolean;
}

/** Whatever takes elements: an operator, or what leads to several of them. */
export interface Input<T> {
  record(value: T, timestamp: number): void;
  watermark(watermark: number): void;
  idle(idle: boolean): void;
}

/** Where no operator listens. */
export const NOWHERE: Input<unknown> = { record() {}, watermark() {}, idle() {} };

export function deliver<T>(element: StreamElement<T>, input: Input<T>): void {
  switch (element.kind) {
    case "record":
      return input.record(element.value, element.timestamp);
    case "watermark":
      return input.watermark(element.watermark);
    case "idle":
      return input.idle(element.idle);
    default:
      unreachable(element);
  }
}

/** The way back: each call as an element. */
export function asElements<T>(take: (element: StreamElement<T>) => void): Input<T> {
  return {
    record: (value, timestamp) => take({ kind: "record", value, timestamp }),
    watermark: (watermark) => take({ kind: "watermark", watermark }),
    idle: (idle) => take({ kind: "idle", idle }),
  };
}
