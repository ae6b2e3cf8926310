import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod";
import { type Intent, noIntent } from "../controller/intent.ts";

const schema = z.object({ running: z.boolean(), held: z.array(z.string()), manual: z.array(z.string()) });

/** Where a city's intent is kept: beside gc's own run-time files, in a folder that gc leaves alone. */
function intentPath(root: string): string {
  return join(root, ".gc", "gascity", "intent.json");
}

/** Reads what people last asked of the city in `root`; nothing, when nobody asked or the file is damaged. */
export async function readIntent(root: string): Promise<Intent> {
  try {
    const { running, held, manual } = schema.parse(JSON.parse(await readFile(intentPath(root), "utf8")));
    return { running, held: new Set(held), manual: new Set(manual) };
  } catch {
    return noIntent;
  }
}

/** Keeps the intent for the next controller. A crash leaves the old or the new one, never half of it. */
export async function writeIntent(root: string, intent: Intent): Promise<void> {
  const path = intentPath(root);
  const text = JSON.stringify({ running: intent.running, held: [...intent.held], manual: [...intent.manual] });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.${process.pid}`, `${text}\n`);
  await rename(`${path}.${process.pid}`, path);
}
