import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { writeWhole } from "../lib/write-whole.ts";

/**
 * What people asked of a city, over and above its files. It outlives the window: a reload goes on with it.
 * - `running`: Start City was said, and not Stop City since
 * - `by-hand`: sessions were started in a city that is not running
 * - `stopped`: nothing is to be kept running from here
 */
export type CityWish = "running" | "by-hand" | "stopped";

const schema = z.object({ wish: z.enum(["running", "by-hand", "stopped"]) });

/** Where the wish is kept: beside gc's own run-time files, in a folder that gc leaves alone. */
export function wishPath(root: string): string {
  return join(root, ".gc", "gascity", "wish.json");
}

/** Reads what people last asked of the city in `root`; `stopped` when nobody did, or the file is damaged. */
export async function readWish(root: string): Promise<CityWish> {
  try {
    return schema.parse(JSON.parse(await readFile(wishPath(root), "utf8"))).wish;
  } catch {
    return "stopped";
  }
}

/** Keeps the wish for the next controller. */
export function writeWish(root: string, wish: CityWish): Promise<void> {
  return writeWhole(wishPath(root), `${JSON.stringify({ wish })}\n`);
}
