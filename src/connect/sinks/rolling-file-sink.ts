/**
 * A folder of files, each value once: what comes between two checkpoints is a file of its own, which gets its name once the second
 * one is complete. A file that has its name is whole, and never changes.
 */

import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { assert } from "../../core/assert.ts";
import { UserError } from "../../core/errors.ts";
import type { RecoveredTransactions, TwoPhaseSink } from "../../stream/index.ts";
import { syncFolder } from "../durable-files.ts";
import { StagedFile } from "./staged-file.ts";
import type { TextFormat } from "./text-format.ts";

export interface RollingFileSinkOptions<T> {
  /** It is made, if it is not there. */
  readonly folder: string;
  readonly format: TextFormat<T>;
  /** Files are `prefix-00000001-4f9c….suffix`, in the order in which they came; one sink's alone. Default: `part`. */
  readonly prefix?: string;
  /** `.ndjson`. Default: none. */
  readonly suffix?: string;
}

/** The file's name. UserError while it is written: `lost-transaction`. */
export function rollingFileSink<T>(options: RollingFileSinkOptions<T>): TwoPhaseSink<T, string> {
  return new RollingFileSink(options);
}

const NUMBER_DIGITS = 8;
const STAGED = ".staged";

class RollingFileSink<T> implements TwoPhaseSink<T, string> {
  readonly #folder: string;
  readonly #prefix: string;
  readonly #suffix: string;
  readonly #format: TextFormat<T>;
  #begun = 0;
  #open: { readonly file: string; readonly staged: StagedFile } | null = null;

  constructor({ folder, format, prefix = "part", suffix = "" }: RollingFileSinkOptions<T>) {
    this.#folder = folder;
    this.#prefix = prefix;
    this.#suffix = suffix;
    this.#format = format;
  }

  async begin(): Promise<string> {
    const number = String(++this.#begun).padStart(NUMBER_DIGITS, "0");
    // One that was aborted may have had the number.
    const file = `${this.#prefix}-${number}-${randomUUID().slice(0, 8)}${this.#suffix}`;
    this.#open = { file, staged: await StagedFile.create(this.#stagedPath(file)) };
    return file;
  }

  async write(file: string, values: readonly T[]): Promise<void> {
    const staged = this.#staged(file);
    const header = staged.bytes === 0 ? this.#format.header : "";
    await staged.write(header + values.map((value) => this.#format.record(value)).join(""));
  }

  async preCommit(file: string): Promise<void> {
    await this.#staged(file).seal();
    this.#open = null;
  }

  async commit(file: string): Promise<void> {
    try {
      await rename(this.#stagedPath(file), path.join(this.#folder, file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      await stat(path.join(this.#folder, file)).catch(() => {
        throw lost(this.#folder, file);
      });
    }
    await syncFolder(this.#folder);
  }

  async abort(file: string): Promise<void> {
    if (this.#open?.file === file) await this.close();
    await rm(this.#stagedPath(file), { force: true });
  }

  async recover(pending: readonly string[]): Promise<RecoveredTransactions> {
    await this.close();
    await mkdir(this.#folder, { recursive: true });
    const names = await readdir(this.#folder);
    const staged = names
      .filter((name) => name.endsWith(STAGED))
      .map((name) => name.slice(0, -STAGED.length))
      .filter((file) => this.#numberOf(file) > 0);
    const toAbort = staged.filter((file) => !pending.includes(file));
    for (const file of pending) await this.commit(file);
    for (const file of toAbort) await this.abort(file);
    this.#begun = [...names, ...staged].reduce((greatest, file) => Math.max(greatest, this.#numberOf(file)), 0);
    return { committed: staged.length - toAbort.length, aborted: toAbort.length };
  }

  async close(): Promise<void> {
    await this.#open?.staged.abandon();
    this.#open = null;
  }

  #stagedPath(file: string): string {
    return path.join(this.#folder, `${file}${STAGED}`);
  }

  /** 0 for a file that is not this sink's: another's prefix may begin with ours. */
  #numberOf(file: string): number {
    const { length } = this.#prefix;
    const [, number, suffix] = /^-(\d{8,})-[\da-f]{8}(.*)$/.exec(file.slice(length)) ?? [];
    return file.startsWith(this.#prefix) && suffix === this.#suffix ? Number(number) : 0;
  }

  #staged(file: string): StagedFile {
    assert(this.#open?.file === file, "it is the transaction that is open");
    return this.#open.staged;
  }
}

function lost(folder: string, file: string): UserError {
  return new UserError({
    code: "lost-transaction",
    message: `${file} of ${folder} is gone, with its name and without; expected the one or the other`,
    hint: "somebody has tidied up the folder: begin anew, with another one and other checkpoints",
  });
}
