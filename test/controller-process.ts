import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { execPath } from "node:process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { vi } from "vitest";

/** The program `gascity controller run` as a process of its own. It is killed when disposed. */
export class ControllerProcess implements Disposable {
  /** What it has logged, by line. */
  readonly log: string[] = [];
  /** Its exit code once it has ended; null when it was killed. */
  readonly exit: Promise<number | null>;
  readonly #child: ChildProcessByStdio<null, null, Readable>;

  constructor(root: string, env: NodeJS.ProcessEnv, ...options: readonly string[]) {
    const args = ["src/cli.ts", "controller", "run", ...options, root];
    this.#child = spawn(execPath, args, { env, stdio: ["ignore", "ignore", "pipe"] });
    createInterface(this.#child.stderr).on("line", (line) => this.log.push(line));
    this.exit = once(this.#child, "close").then(([code]) => code as number | null);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits for a line that matches, and returns what its first group has matched. */
  async said(line: RegExp, timeout = 20_000): Promise<string> {
    return vi.waitFor(
      () => {
        const match = this.log.map((said) => line.exec(said)).find((match) => match !== null);
        if (!match) throw new Error(`it has not said ${line.source}, but:\n${this.log.join("\n")}`);
        return match[1] ?? "";
      },
      { timeout, interval: 20 },
    );
  }

  [Symbol.dispose](): void {
    this.kill("SIGKILL");
  }
}
