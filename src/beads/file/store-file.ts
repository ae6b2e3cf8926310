import type { BigIntStats } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { ProblemError } from "../../lib/problem.ts";

/** A file as it was read. */
export interface FileState {
  /** Tells this state of the file from others; empty when it cannot. */
  readonly stamp: string;
  /** Undefined when there is no file. */
  readonly text: string | undefined;
}

const missing: FileState = { stamp: "missing", text: undefined };
/**
 * A file younger than this, in milliseconds, may change again within one tick of the clock that dates it; that it is replaced
 * by another is not enough then, since its inode is soon used again.
 */
const young = 100;

/** Reads a file; undefined when it is surely the one that `stamp` tells of. */
export async function readIfChanged(file: string, stamp: string): Promise<FileState | undefined> {
  try {
    if (stampOf(await stat(file, { bigint: true })) === stamp) return undefined;
    await using handle = await open(file);
    // Of the open file: another one may have taken its name since.
    const stats = await handle.stat({ bigint: true });
    const old = Date.now() - Number(stats.mtimeMs) > young;
    return { stamp: old ? stampOf(stats) : "", text: await handle.readFile("utf8") };
  } catch (error) {
    if (isMissing(error)) return stamp === missing.stamp ? undefined : missing;
    throw fileProblem(file, `it cannot be read (${messageOf(error)})`, "See that you may read it", error);
  }
}

/** Puts a file in the place of the one that is there, with its mode; a crash leaves the one or the other. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const fresh = `${file}.gascity`;
  try {
    const mode = await modeOf(file);
    await using handle = await open(fresh, "w");
    await handle.chmod(mode);
    await handle.writeFile(text);
    await handle.sync();
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => undefined);
    const action = "See that its disk has room and you may write there";
    throw fileProblem(file, `it cannot be written (${messageOf(error)})`, action, error);
  }
}

/** The error for a file that is there and is no store. */
export function fileBroken(file: string, error: unknown): ProblemError {
  const action = "Correct it there or put an older copy in its place; it is not written to until then";
  return fileProblem(file, `it is damaged: ${messageOf(error)}`, action, error);
}

function fileProblem(file: string, why: string, action: string, cause: unknown): ProblemError {
  return new ProblemError(
    { code: "beads-failed", reason: `The beads in ${file} are out of reach, as ${why}`, action },
    { cause },
  );
}

/** As gc makes it when there is none. */
async function modeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).mode & 0o7777;
  } catch (error) {
    if (isMissing(error)) return 0o644;
    throw error;
  }
}

function stampOf({ ino, size, mtimeNs }: BigIntStats): string {
  return `${ino} ${size} ${mtimeNs}`;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
