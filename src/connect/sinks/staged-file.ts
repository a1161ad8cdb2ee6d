/** A file that is being written, and counts for nothing before it is sealed, and then becomes part of something else. Mutable. */

import { open, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { syncFolder } from "../durable-files.ts";

export class StagedFile {
  readonly #handle: FileHandle;
  readonly #path: string;
  #bytes = 0;

  private constructor(handle: FileHandle, at: string) {
    this.#handle = handle;
    this.#path = at;
  }

  /** Rejects where there is one of that name. */
  static async create(at: string): Promise<StagedFile> {
    return new StagedFile(await open(at, "wx"), at);
  }

  get bytes(): number {
    return this.#bytes;
  }

  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length;) at += (await this.#handle.write(bytes, at)).bytesWritten;
    this.#bytes += bytes.length;
  }

  /** All of it is on the disk. */
  async seal(): Promise<void> {
    await this.#handle.sync();
    await this.#handle.close();
    await syncFolder(path.dirname(this.#path));
  }

  /** It is given up; the file stays for whoever tidies up. */
  async abandon(): Promise<void> {
    await this.#handle.close();
  }
}
