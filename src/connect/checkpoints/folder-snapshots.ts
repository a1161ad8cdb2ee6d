/** Checkpoints in a folder, a file each: written beside, brought to the disk, and then renamed, so that one is there as a whole or not. */

import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../../core/errors.ts";
import { checkCount } from "../../stream/checks.ts";
import { syncFolder } from "../durable-files.ts";
import type { JobSnapshot } from "./job-snapshot.ts";
import type { SnapshotStore } from "./snapshot-store.ts";

export interface FolderSnapshotsOptions {
  /** It is made, if it is not there. One job's alone. */
  readonly folder: string;
  /** How many are kept: where the newest is damaged, the one before it is used. Default: 3. */
  readonly retained?: number;
}

export function folderSnapshots({ folder, retained = 3 }: FolderSnapshotsOptions): SnapshotStore {
  checkCount({ what: "the `retained` of checkpoints", value: retained });
  return {
    list: () => list(folder),
    read: async (id) => verified(await readFile(fileOf(folder, id), "utf8"), id),
    async write(snapshot) {
      await mkdir(folder, { recursive: true });
      await writeWhole(fileOf(folder, snapshot.id), signed(snapshot));
      await syncFolder(folder);
      for (const id of (await list(folder)).slice(0, -retained)) await rm(fileOf(folder, id), { force: true });
    },
  };
}

const FILE = /^checkpoint-(\d+)\.json$/;

function fileOf(folder: string, id: number): string {
  return path.join(folder, `checkpoint-${id}.json`);
}

async function list(folder: string): Promise<number[]> {
  await mkdir(folder, { recursive: true });
  const ids = (await readdir(folder)).flatMap((name) => FILE.exec(name)?.[1] ?? []).map(Number);
  return ids.sort((a, b) => a - b);
}

async function writeWhole(file: string, text: string): Promise<void> {
  const draft = `${file}.draft`;
  const handle = await open(draft, "w");
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

const BEFORE_DIGEST = '{"sha256":"';
const AFTER_DIGEST = '","snapshot":';
const DIGEST_CHARS = 64;

/** JSON as a whole, of which the digest is of the snapshot's very text. */
function signed(snapshot: JobSnapshot): string {
  const text = JSON.stringify(snapshot);
  return `${BEFORE_DIGEST}${digestOf(text)}${AFTER_DIGEST}${text}}`;
}

/** UserError `damaged-checkpoint`. */
function verified(file: string, id: number): JobSnapshot {
  const digest = file.slice(BEFORE_DIGEST.length, BEFORE_DIGEST.length + DIGEST_CHARS);
  const text = file.slice(BEFORE_DIGEST.length + DIGEST_CHARS + AFTER_DIGEST.length, -1);
  if (digestOf(text) === digest) return JSON.parse(text) as JobSnapshot;
  throw new UserError({
    code: "damaged-checkpoint",
    message: `checkpoint ${id} is not what was written: its ${file.length} characters do not have the digest that they name`,
    hint: "the one before it is used; look after the disk",
  });
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
