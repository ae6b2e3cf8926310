import { appendFileSync } from "node:fs";
import { join } from "node:path";
import process, { argv, env } from "node:process";
import type { Log } from "../../src/lib/log.ts";
import { openCityRuntime } from "../../src/runtime/open-city-runtime.ts";
import type { ControllerNews } from "./controller-process.ts";

// What ControllerProcess runs.
const [, , root = ""] = argv;
const line =
  (level: string) =>
  (message: string): void =>
    appendFileSync(
      join(root, ".gc", "controller.log"),
      `${new Date().toISOString()} ${process.pid} ${level} ${message}\n`,
    );
const log: Log = { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
const runtime = openCityRuntime({ root, env, log, kind: "headless" });
const tell = (): void => {
  const { control, problem } = runtime.state;
  const news: ControllerNews = { control: control.kind, problem: problem?.reason ?? "" };
  process.send?.(news, undefined, undefined, () => {});
};
runtime.onDidChange(tell);
process.on("disconnect", () => process.exit());
