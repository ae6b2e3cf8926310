import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";

/** Opens a file to be read; undefined when there is none. */
export async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Opens a file to be read and appended to, and makes it and its folder when they are not there. */
export async function openToAppend(path: string): Promise<FileHandle> {
  try {
    return await open(path, "a+");
  } catch (error) {
    if (!isMissing(error)) throw error;
    await mkdir(dirname(path), { recursive: true });
    return await open(path, "a+");
  }
}

/** Whether an error says that a file or its folder is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
