/**
 * A manifest as text: a line with its format, its kind and its digest, then JSON. The digest tells a manifest that is not
 * whole; the line begins alike in every format, so that what a later version wrote is known for what it is.
 */

import { hash } from "node:crypto";
import { assert } from "../../core/assert.ts";
import { UserError } from "../../core/errors.ts";
import { limits } from "../../core/limits.ts";
import {
  CHECKPOINT_FORMAT,
  CheckpointFault,
  type CheckpointKind,
  type CheckpointManifest,
  type CheckpointSummary,
  type ChunkReference,
} from "../../engine/checkpoint/checkpoint-port.ts";

/** UserError `checkpoint-too-large`. */
export function writeManifest(manifest: CheckpointManifest): string {
  assert(isManifest(manifest), "a manifest is whole");
  const json = JSON.stringify(manifest);
  requireRoom(Buffer.byteLength(json));
  return `tripline-checkpoint ${CHECKPOINT_FORMAT} ${manifest.kind} ${hash("sha256", json, "hex")}\n${json}`;
}

/** CheckpointFault when it is torn or foreign. */
export function readManifest(text: string): CheckpointManifest {
  const [, format, digest] = FIRST_LINE.exec(text) ?? [];
  if (format === undefined) throw torn("does not begin as a manifest does");
  if (Number(format) !== CHECKPOINT_FORMAT) throw foreign(format);
  const json = text.slice(text.indexOf("\n") + 1);
  if (hash("sha256", json, "hex") !== digest) throw torn("is not what was written: its digest differs");
  const manifest = JSON.parse(json) as unknown;
  if (!isManifest(manifest)) throw torn("does not say what a manifest says");
  return manifest;
}

/** Also for what cannot be read further. */
export function kindIn(text: string): CheckpointKind {
  return /^tripline-checkpoint \d+ savepoint\b/.test(text) ? "savepoint" : "checkpoint";
}

/** Of a savepoint that cannot be read further, where its text still tells. */
export function nameIn(text: string): string | null {
  return /"kind":"savepoint","name":"([\p{L}\p{M}\p{N}._-]+)"/u.exec(text)?.[1] ?? null;
}

/** Each chunk that the manifest refers to, once. */
export function distinctChunks({ parts }: CheckpointManifest): readonly ChunkReference[] {
  return [...new Map(parts.flatMap(({ chunks }) => chunks.map((chunk) => [chunk.id, chunk]))).values()];
}

export function summarize(manifest: CheckpointManifest): CheckpointSummary {
  const { parts, ...rest } = manifest;
  const chunks = parts.flatMap((part) => part.chunks);
  return {
    ...rest,
    parts: parts.length,
    bytes: chunks.reduce((sum, chunk) => sum + chunk.bytes, 0),
    keys: chunks.reduce((sum, chunk) => sum + chunk.keys, 0),
  };
}

const FIRST_LINE = /^tripline-checkpoint (\d{1,9}) (?:checkpoint|savepoint)(?: ([0-9a-f]{64})\n)?/;

function requireRoom(bytes: number): void {
  if (bytes <= limits.checkpointManifestBytesMax) return;
  throw new UserError({
    code: "checkpoint-too-large",
    message: `the checkpoint's manifest has ${bytes} bytes, and ${limits.checkpointManifestBytesMax} are the most`,
    hint: "use fewer rules in one installation",
  });
}

function torn(what: string): CheckpointFault {
  return new CheckpointFault({ code: "checkpoint-torn", message: `the checkpoint's manifest ${what}` });
}

function foreign(format: string): CheckpointFault {
  return new CheckpointFault({
    code: "checkpoint-foreign",
    message: `the checkpoint is in the format ${format}, and this version reads the format ${CHECKPOINT_FORMAT}`,
    hint: "use the version of Tripline that wrote it, or one after it",
  });
}

/** A digest proves that it is whole, not that we wrote it: a savepoint's file may come from anywhere. */
function isManifest(value: unknown): value is CheckpointManifest {
  if (!isRecord(value)) return false;
  const { format, id, kind, name, offset, takenAt, durationMs, rules, parts } = value;
  return (
    format === CHECKPOINT_FORMAT &&
    isCount(id) &&
    (kind === "savepoint" ? typeof name === "string" : kind === "checkpoint" && name === null) &&
    isCount(offset) &&
    typeof takenAt === "number" &&
    typeof durationMs === "number" &&
    isListOf(rules, (rule) => typeof rule["name"] === "string" && isCount(rule["version"])) &&
    isListOf(parts, isPart)
  );
}

function isPart({ name, keyGroup, chunks }: Record<string, unknown>): boolean {
  return typeof name === "string" && (keyGroup === null || isCount(keyGroup)) && isListOf(chunks, isReference);
}

function isReference({ id, bytes, keys }: Record<string, unknown>): boolean {
  // An id names a file: it must not lead anywhere.
  return typeof id === "string" && /^[0-9a-f]{64}$/.test(id) && isChunkSize(bytes) && isCount(keys);
}

function isChunkSize(value: unknown): boolean {
  return isCount(value) && value <= limits.checkpointChunkBytesMax;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isListOf(value: unknown, isItem: (item: Record<string, unknown>) => boolean): boolean {
  return Array.isArray(value) && value.every((item: unknown) => isRecord(item) && isItem(item));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
