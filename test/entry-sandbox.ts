import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A program that an entry command called: its name, its arguments, and for `sh` what it read. */
export type Call = readonly [program: string, ...args: string[]];

const record = String.raw`{ printf '%s\0' "$(basename "$0")" "$@"; MORE; printf '\036'; } >>"$SANDBOX/calls"`;

/** What takes the place of the programs that act on the machine: it notes the call. Values are what else it does. */
const standIns: Readonly<Record<string, { readonly notes?: string; readonly does?: string }>> = {
  tmux: {},
  git: {},
  su: {},
  useradd: {},
  // There is no such user yet.
  id: { does: "exit 1" },
  mkdir: {},
  cp: {},
  chown: {},
  // What was written into the file before.
  chmod: { notes: 'cat "$2"' },
  sh: { notes: "cat", does: 'exit "$SH_EXITS"' },
  // Whoever waits for the workspace gets it; nobody waits for ever.
  sleep: { does: ': >"$SANDBOX/.gc-workspace-ready"' },
};

/**
 * Runs the argument of an agent container's `/bin/sh -c` to its end, as in a pod whose workspace is ready after the first
 * wait, and every `sh` ends with the exit code `shExits`. What it called, in order, with paths as in a pod, and its exit code.
 */
export function runEntry(
  argument: string,
  shExits = 0,
): { readonly calls: readonly Call[]; readonly exitCode: number | null } {
  const folder = mkdtempSync(join(tmpdir(), "gascity-entry-"));
  try {
    for (const [name, { notes = ":", does = ":" }] of Object.entries(standIns)) {
      writeFileSync(join(folder, name), `#!/bin/sh\n${record.replace("MORE", notes)}\n${does}\n`);
      chmodSync(join(folder, name), 0o755);
    }
    const moved = argument
      .replaceAll("/workspace/.gc-workspace-ready", `${folder}/.gc-workspace-ready`)
      .replaceAll("/etc/sudoers.d/", `${folder}/`);
    const env = {
      PATH: `${folder}:${process.env["PATH"]}`,
      HOME: "/home/gcagent",
      SANDBOX: folder,
      SH_EXITS: `${shExits}`,
    };
    const { status } = spawnSync("/bin/sh", ["-c", moved], { cwd: folder, env, stdio: "ignore", timeout: 20_000 });
    const calls = readFileSync(join(folder, "calls"), "utf8").replaceAll(folder, "/etc/sudoers.d");
    return { calls: calls.split("\u001e").slice(0, -1).map(callOf), exitCode: status };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function callOf(record: string): Call {
  const [program = "", ...args] = record.split("\0");
  // Nothing stands after the last NUL but what was read.
  return [program, ...(args.at(-1) === "" ? args.slice(0, -1) : args)];
}
