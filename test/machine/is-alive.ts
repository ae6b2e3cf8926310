import { readFile } from "node:fs/promises";

/** Whether a process lives. A zombie that nobody has waited for yet counts as dead. */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return stat !== undefined && !/\) [ZX] /u.test(stat);
}
