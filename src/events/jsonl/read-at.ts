import type { FileHandle } from "node:fs/promises";

/** The bytes of a file from one offset to another; fewer where the file ends before. */
export async function readAt(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(to - from);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
  return buffer.subarray(0, bytesRead);
}
