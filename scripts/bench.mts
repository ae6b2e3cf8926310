import { readdirSync } from "node:fs";
import { join } from "node:path";

// Measures how long things take, and prints it: npm run bench -- NAME. With GASCITY_GC set to Gas City's own program gc,
// its times stand beside ours where it does the same.
const folder = join(import.meta.dirname, "../test/bench");
const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const [name = ""] = process.argv.slice(2);

if (names.some((entry) => entry.name === name)) await import(join(folder, name, "bench.ts"));
else {
  console.error(`Usage: npm run bench -- NAME, where NAME is ${names.map((entry) => entry.name).join(" or ")}`);
  process.exitCode = 1;
}
