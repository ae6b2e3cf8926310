import { globSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";
import Mocha from "mocha";
import { type HostResult, resultFileVariable } from "./host-result.ts";

/** What the extension host calls: runs every bundled test file and writes the result file. Rejects when a test failed. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 20_000, color: false });
  for (const file of globSync("suite/**/*.test.js", { cwd: __dirname }).toSorted())
    mocha.addFile(join(__dirname, file));
  const tests: HostResult["tests"][number][] = [];
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on("pass", (test) => tests.push({ title: test.fullTitle(), milliseconds: test.duration ?? 0 }));
    runner.on("fail", (test, error: Error) => {
      tests.push({ title: test.fullTitle(), milliseconds: test.duration ?? 0, error: error.stack ?? error.message });
    });
    runner.on("pending", (test) => {
      tests.push({ title: test.fullTitle(), milliseconds: 0, error: "skipped: every test of this suite has to run" });
    });
  });
  const result: HostResult = { tests };
  const resultFile = env[resultFileVariable];
  if (resultFile !== undefined) writeFileSync(resultFile, JSON.stringify(result));
  if (failures > 0) throw new Error(`${failures} failed`);
}
