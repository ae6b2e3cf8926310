import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process, { env, execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import type { ControlState } from "../../src/controller/control/control-state.ts";

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
    this.#child = spawn(execPath, [program(), root], {
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

let bundle: string | undefined;

/** The program in one file, as the product is: from its sources it takes four times as long to start. */
function program(): string {
  if (bundle !== undefined) return bundle;
  const folder = mkdtempSync(join(tmpdir(), "gascity-soak-program-"));
  process.on("exit", () => rmSync(folder, { recursive: true }));
  const outfile = join(folder, "controller.cjs");
  buildSync({
    entryPoints: [fileURLToPath(import.meta.resolve("./controller-program.ts"))],
    outfile,
    bundle: true,
    format: "cjs",
    platform: "node",
    keepNames: true,
    mainFields: ["module", "main"],
    supported: { "dynamic-import": false },
    logLevel: "warning",
  });
  return (bundle = outfile);
}
