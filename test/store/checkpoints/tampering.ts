/** What time and accidents do to stored checkpoints, behind the store's back. */

import type { CheckpointBackend } from "../../../src/store/checkpoints/backend.ts";
import { distinctChunks, readManifest } from "../../../src/store/checkpoints/manifest-text.ts";

export async function rewriteManifest(
  backend: CheckpointBackend,
  id: number,
  edit: (text: string) => string,
): Promise<void> {
  await backend.exclusively(async (changes) => {
    const text = edit((await changes.manifest(id))!);
    await changes.removeManifests([id]);
    await changes.putManifest(id, text);
  });
}

export async function damageChunk(
  backend: CheckpointBackend,
  id: string,
  edit: (sealed: Buffer) => Buffer,
): Promise<void> {
  await backend.exclusively(async (changes) => {
    const sealed = (await changes.chunks([id])).get(id)!;
    await changes.putChunks([{ id, sealed: edit(Buffer.from(sealed)) }]);
  });
}

/** All manifests can be read. */
export async function loseChunk(backend: CheckpointBackend, id: string): Promise<void> {
  await backend.exclusively(async (changes) => {
    const kept = new Set<string>();
    for (const text of (await changes.manifests()).values()) {
      for (const chunk of distinctChunks(readManifest(text))) kept.add(chunk.id);
    }
    kept.delete(id);
    await changes.retainChunks(kept);
  });
}
