/** A checkpoint's parts as they are encoded, in one thread or in several: of one part each thread has what it keeps. Mutable. */

import type { CheckpointPart, NewChunk } from "./checkpoint-port.ts";
import type { EncodedPart } from "./part-text.ts";

export interface EncodedCheckpoint {
  /** All there are, with the chunks that were there before. */
  readonly parts: readonly CheckpointPart[];
  /** The same by id. */
  readonly written: ReadonlyMap<string, WrittenPart>;
  readonly chunks: readonly NewChunk[];
}

export interface WrittenPart {
  readonly part: CheckpointPart;
  /** How many of its chunks were written as all of it; the others are changes. */
  readonly wholeChunks: number;
}

export class EncodedParts {
  readonly #parts = new Map<string, EncodedPart>();

  add(part: EncodedPart): void {
    const id = partId(part);
    const others = this.#parts.get(id);
    if (others === undefined) this.#parts.set(id, part);
    else {
      const isWhole = others.isWhole || part.isWhole;
      this.#parts.set(id, { ...part, isWhole, chunks: [...others.chunks, ...part.chunks] });
    }
  }

  /** `before`: by id, what the last checkpoint has. */
  after(before: ReadonlyMap<string, WrittenPart>): EncodedCheckpoint {
    const written = new Map<string, WrittenPart>();
    const news: NewChunk[] = [];
    for (const [id, { name, keyGroup, isWhole, chunks }] of this.#parts) {
      for (const chunk of chunks) news.push(chunk);
      const references = chunks.map(({ id, bytes, keys }) => ({ id, bytes, keys }));
      const old = isWhole ? undefined : before.get(id);
      const all = [...(old?.part.chunks ?? []), ...references];
      const part = { name, keyGroup, chunks: all };
      if (all.length > 0) written.set(id, { part, wholeChunks: old?.wholeChunks ?? references.length });
    }
    return { parts: [...written.values()].map(({ part }) => part), written, chunks: news };
  }
}

export function partId({ name, keyGroup }: Pick<CheckpointPart, "name" | "keyGroup">): string {
  return `${keyGroup ?? ""} ${name}`;
}
