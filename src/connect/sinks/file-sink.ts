/**
 * Appends to one file, each value once: what comes between two checkpoints is staged in a file beside, which is appended once the
 * second one is complete. What is in the file is committed, but for the moment in which it is being appended.
 */

import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, rm, stat, truncate } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { assert } from "../../core/assert.ts";
import { UserError } from "../../core/errors.ts";
import type { RecoveredTransactions, TwoPhaseSink } from "../../stream/index.ts";
import { syncFolder } from "../durable-files.ts";
import { StagedFile } from "./staged-file.ts";
import type { TextFormat } from "./text-format.ts";

export interface FileSinkOptions<T> {
  /** Its folder is made, if it is not there. What the file has stays, and what is written comes behind it. One sink's alone. */
  readonly path: string;
  readonly format: TextFormat<T>;
}

/** `at`: the byte of the file where it is appended. */
export type FileTransaction = { readonly id: string; readonly at: number };

/** UserErrors while it is written: `file-shrunk`, `lost-transaction`. */
export function fileSink<T>(options: FileSinkOptions<T>): TwoPhaseSink<T, FileTransaction> {
  return new FileSink(options);
}

/** Behind the file's name. */
const STAGED = /^(\d+)\.([\da-f-]{36})\.staged$/;

class FileSink<T> implements TwoPhaseSink<T, FileTransaction> {
  readonly #path: string;
  readonly #folder: string;
  readonly #format: TextFormat<T>;
  /** Bytes of the file when all that is pre-committed is in it. */
  #end = 0;
  #open: { readonly transaction: FileTransaction; readonly staged: StagedFile } | null = null;

  constructor({ path: at, format }: FileSinkOptions<T>) {
    this.#path = path.resolve(at);
    this.#folder = path.dirname(this.#path);
    this.#format = format;
  }

  async begin(): Promise<FileTransaction> {
    const transaction = { id: randomUUID(), at: this.#end };
    this.#open = { transaction, staged: await StagedFile.create(this.#stagedPath(transaction)) };
    return transaction;
  }

  async write({ id, at }: FileTransaction, values: readonly T[]): Promise<void> {
    const staged = this.#staged(id);
    const header = at === 0 && staged.bytes === 0 ? this.#format.header : "";
    await staged.write(header + values.map((value) => this.#format.record(value)).join(""));
  }

  async preCommit({ id }: FileTransaction): Promise<void> {
    const staged = this.#staged(id);
    await staged.seal();
    this.#end += staged.bytes;
    this.#open = null;
  }

  /** It may have been interrupted anywhere: the file is taken back to where it was before, and appended to again. */
  async commit(transaction: FileTransaction): Promise<void> {
    const bytes = (await sizeOf(this.#path)) ?? 0;
    if (bytes < transaction.at) throw shrunk(this.#path, { bytes, expected: transaction.at });
    if ((await sizeOf(this.#stagedPath(transaction))) !== null) {
      await this.#takeBackTo(transaction.at);
      await this.#append(this.#stagedPath(transaction));
      await this.#discard(transaction);
    } else if (bytes === transaction.at) {
      throw lost(this.#path, transaction);
    }
  }

  async abort(transaction: FileTransaction): Promise<void> {
    if (this.#open?.transaction.id === transaction.id) await this.#giveUp();
    await this.#discard(transaction);
  }

  async recover(pending: readonly FileTransaction[]): Promise<RecoveredTransactions> {
    await this.#giveUp();
    await mkdir(this.#folder, { recursive: true });
    const staged = await this.#allStaged();
    const isPending = new Set(pending.map(({ id }) => id));
    const toAbort = staged.filter(({ id }) => !isPending.has(id));
    // One that was being appended, and that the checkpoint does not name, has not happened.
    for (const { at } of toAbort) await this.#takeBackTo(at);
    for (const transaction of toAbort) await this.#discard(transaction);
    for (const transaction of pending.toSorted((a, b) => a.at - b.at)) await this.commit(transaction);
    this.#end = (await sizeOf(this.#path)) ?? 0;
    return { committed: staged.length - toAbort.length, aborted: toAbort.length };
  }

  close(): Promise<void> {
    return this.#giveUp();
  }

  async #allStaged(): Promise<FileTransaction[]> {
    const start = `${path.basename(this.#path)}.`;
    const names = (await readdir(this.#folder)).filter((name) => name.startsWith(start));
    return names.flatMap((name) => {
      const [, at, id] = STAGED.exec(name.slice(start.length)) ?? [];
      return at === undefined || id === undefined ? [] : { id, at: Number(at) };
    });
  }

  #stagedPath({ id, at }: FileTransaction): string {
    return `${this.#path}.${at}.${id}.staged`;
  }

  async #append(staged: string): Promise<void> {
    await pipeline(createReadStream(staged), createWriteStream(this.#path, { flags: "a", flush: true }));
    await syncFolder(this.#folder);
  }

  /** Unless it is shorter. */
  async #takeBackTo(bytes: number): Promise<void> {
    if (((await sizeOf(this.#path)) ?? 0) > bytes) await truncate(this.#path, bytes);
  }

  async #discard(transaction: FileTransaction): Promise<void> {
    await rm(this.#stagedPath(transaction), { force: true });
    await syncFolder(this.#folder);
  }

  async #giveUp(): Promise<void> {
    await this.#open?.staged.abandon();
    this.#open = null;
  }

  #staged(id: string): StagedFile {
    assert(this.#open?.transaction.id === id, "it is the transaction that is open");
    return this.#open.staged;
  }
}

/** Null where there is no such file. */
async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function shrunk(file: string, { bytes, expected }: { readonly bytes: number; readonly expected: number }): UserError {
  return new UserError({
    code: "file-shrunk",
    message: `${file} has ${bytes} bytes; expected at least the ${expected} that were committed`,
    hint: "somebody else has written to it: begin anew, with another file and other checkpoints",
  });
}

function lost(file: string, { id }: FileTransaction): UserError {
  return new UserError({
    code: "lost-transaction",
    message: `what was staged for ${file} as ${id} is gone, and not in the file; expected the one or the other`,
    hint: "somebody has removed the files beside it: begin anew, with another file and other checkpoints",
  });
}
