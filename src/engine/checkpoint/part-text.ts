/** What there is to be said of a part of a checkpoint: as texts, and as the chunks that they become. */

import { newChunk, type NewChunk } from "./checkpoint-port.ts";

export interface PartText {
  readonly name: string;
  readonly keyGroup: number | null;
  /** Whether it is all of the part, or what has changed; no pieces where nothing has. */
  readonly isWhole: boolean;
  readonly pieces: readonly PieceText[];
}

export interface PieceText {
  readonly body: string;
  readonly keys: number;
}

/** Plain data: it goes from thread to thread. */
export interface EncodedPart extends Omit<PartText, "pieces"> {
  readonly chunks: readonly NewChunk[];
}

/** A chunk is cut here: it is joined, encoded and hashed without a break, and that takes some milliseconds. */
export const PIECE_CHARS = 4 * 1024 * 1024;

/** Of a part that is there once, and whose pieces are read as one text. */
export function whole(name: string, chunk: unknown): PartText {
  return { name, keyGroup: null, isWhole: true, pieces: cut(JSON.stringify(chunk)) };
}

export function unchanged(name: string): PartText {
  return { name, keyGroup: null, isWhole: false, pieces: [] };
}

export function cut(text: string): readonly PieceText[] {
  const pieces: PieceText[] = [];
  for (let from = 0; from < text.length;) {
    // Not in the middle of a character that takes two places.
    const isPair = /[\ud800-\udbff]/.test(text[from + PIECE_CHARS - 1] ?? "");
    const to = from + PIECE_CHARS - (isPair ? 1 : 0);
    pieces.push({ body: text.slice(from, to), keys: 0 });
    from = to;
  }
  return pieces;
}

const utf8 = new TextEncoder();

/** Its body has memory of its own, which can be given to another thread. */
export function chunkOf({ body, keys }: PieceText): NewChunk {
  return newChunk({ body: utf8.encode(body), keys });
}
