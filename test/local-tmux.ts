import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Emitter } from "../src/lib/emitter.ts";
import type { CommandResult } from "../src/sessions/kubernetes/pod-calls.ts";
import type { PodProcess } from "../src/sessions/kubernetes/pod-process.ts";
import { guard } from "./machine/guardian.ts";

// What runs in them may still write while it ends.
const cleanUp = `find "$1" -type s -exec tmux -S {} kill-server \\; 2>/dev/null
  for try in 1 2 3 4 5; do rm -rf -- "$1" && break; sleep 1; done`;

let allFolders: string | undefined;

/** Where each of this process has its folder. When the process ends, however it does, it goes with all their servers. */
function folderOfProcess(): string {
  if (allFolders !== undefined) return allFolders;
  allFolders = mkdtempSync(join(tmpdir(), "gascity-tmux-"));
  guard(cleanUp, [allFolders]);
  return allFolders;
}

/** The real tmux of this machine, with a socket folder of its own, in place of a pod. */
export class LocalTmux {
  readonly folder = mkdtempSync(join(folderOfProcess(), "t"));
  /** The environment in which this server is tmux's default one. */
  readonly env = { PATH: process.env["PATH"], TMUX_TMPDIR: this.folder, HOME: this.folder, LANG: "C.UTF-8" };
  readonly #children: ChildProcess[] = [];

  /**
   * Runs tmux; its output. Throws when it fails. A new session is asked for again when it fell to a server whose last session
   * had just gone, as createSession does.
   */
  tmux(...args: string[]): string {
    for (;;) {
      try {
        return execFileSync("tmux", ["-f", "/dev/null", ...args], { env: this.env, encoding: "utf8", stdio: "pipe" });
      } catch (error) {
        const ending = error instanceof Error && /\n(?:server exited|lost server)/u.test(error.message);
        if (!ending || !args.includes("new-session")) throw error;
      }
    }
  }

  /** An agent of 90 × 20 characters in the session `main`, in the folder. */
  startAgent(command = "cat"): void {
    this.tmux("new-session", "-d", "-s", "main", "-x", "90", "-y", "20", "-c", this.folder, command);
  }

  /** Runs a command as a pod would. */
  async run(argv: readonly string[], input: string | Uint8Array = ""): Promise<CommandResult> {
    const [file = "", ...args] = argv;
    const child = spawn(file, args, { env: this.env, stdio: "pipe" });
    // It may end before it has read what it does not want.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    const [stdout, stderr, [exitCode]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close") as Promise<[number | null]>,
    ]);
    return { stdout, stderr, exitCode: exitCode ?? 1 };
  }

  /** Runs a command with open streams as a pod would. */
  open(argv: readonly string[]): PodProcess {
    const [file = "", ...args] = argv;
    const child = spawn(file, args, { env: { ...this.env, TMUX_PANE: "%0" }, stdio: ["pipe", "pipe", "inherit"] });
    this.#children.push(child);
    const output = new Emitter<Uint8Array>();
    child.stdout.on("data", (chunk: Uint8Array) => output.fire(chunk));
    return {
      onOutput: output.event,
      end: new Promise((resolve) => {
        // Not at "exit", when the last output may still be on its way.
        child.once("close", (code) => resolve(code ?? -1));
      }),
      write: (data) => void child.stdin.write(data),
      dispose: () => child.stdin.end(),
    };
  }

  /** Shells of the watch script, and those that they have started, by their process id. */
  watchers(): string[] {
    return this.#processes(/^sh\0-c\0[^]*\0gascity-/u);
  }

  /** Clients of this server that wait for news, by their process id. */
  waiters(): string[] {
    return this.#processes(/^tmux\0[^]*wait-for\0gascity-/u);
  }

  /** Clients of this server that wait for the next command, by their process id. */
  idleClients(): string[] {
    return this.#processes(/^tmux\0-u\0(?:source-file|-C\0attach-session)\0[^]*gascity-/u);
  }

  /** Clients of this server that tell what runs in front, by their process id. */
  tellers(): string[] {
    return this.#processes(/^tmux\0-u\0display-message/u);
  }

  /** What stands beside the folder of its sockets, under names of watchers. */
  files(): string[] {
    return readdirSync(this.folder).filter((name) => name.startsWith("gascity-"));
  }

  #processes(command: RegExp): string[] {
    return readdirSync("/proc").filter((pid) => {
      try {
        return (
          command.test(readFileSync(`/proc/${pid}/cmdline`, "utf8")) &&
          readFileSync(`/proc/${pid}/environ`, "utf8").includes(`TMUX_TMPDIR=${this.folder}\0`)
        );
      } catch {
        // It has ended meanwhile, or is no process.
        return false;
      }
    });
  }

  /** Ends the shell that runs the watch script under this name, and nothing that it has started. */
  async killWatcher(name: string): Promise<void> {
    const child = this.#children.find(({ spawnargs }) => spawnargs.at(-1) === name);
    if (!child?.kill("SIGKILL")) throw new Error(`no watcher ${name}`);
    // Until it has been waited for, it is still there to others.
    await once(child, "exit");
  }

  /** The hooks that watchers have set. */
  hooks(): string {
    return this.tmux("show-hooks", "-g", "session-closed").trim();
  }

  /** Breaks every open stream, as a network would. */
  breakStreams(): void {
    for (const child of this.#children.splice(0)) {
      child.stdin?.destroy();
      child.stdout?.destroy();
    }
  }

  /** Ends every open stream as containerd does when the other end has gone: the input ends, and nobody reads the output. */
  abandonStreams(): void {
    for (const child of this.#children) {
      child.stdout?.pause();
      child.stdin?.end();
    }
  }

  dispose(): void {
    this.breakStreams();
    for (const socket of this.#sockets()) this.#endServer(socket);
    // What runs in it may still write while it ends.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }

  #endServer(socket: string): void {
    try {
      this.tmux("-L", socket, "kill-server");
    } catch {
      // Its last session took it along.
    }
  }

  /** Of every server that was started in this folder, also under another name than the default. */
  #sockets(): string[] {
    try {
      return readdirSync(join(this.folder, `tmux-${process.getuid?.() ?? 0}`));
    } catch {
      return [];
    }
  }
}
