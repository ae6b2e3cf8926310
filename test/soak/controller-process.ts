import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import process, { argv, env, execPath } from "node:process";
import type { ControlState } from "../../src/controller/control/control-state.ts";
import type { Log } from "../../src/lib/log.ts";
import { openCityRuntime } from "../../src/runtime/open-city-runtime.ts";

/** What a controller tells of itself, whenever it has changed. */
export interface ControllerNews {
  readonly control: ControlState["kind"];
  /** Of the city's problem; empty when there is none. */
  readonly problem: string;
}

/** The controller of a city as a process of its own, to be stopped and killed. It is killed when disposed, and ends with this process. */
export class ControllerProcess implements AsyncDisposable {
  #news: ControllerNews = { control: "free", problem: "" };
  readonly #child: ChildProcess;

  /** `own` goes over this process's environment; KUBECONFIG is the cluster. What the controller logs is in `.gc/controller.log` of the city. */
  constructor(root: string, own: Readonly<Record<string, string>>) {
    this.#child = spawn(execPath, [import.meta.filename, root], {
      env: { ...env, ...own },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#child.on("message", (news) => (this.#news = news as ControllerNews));
  }

  get news(): ControllerNews {
    return this.#news;
  }

  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    this.#child.kill(signal);
  }

  /** As `kill -9` does; resolves when it is gone. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await gone;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}

if (import.meta.main) {
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
}
