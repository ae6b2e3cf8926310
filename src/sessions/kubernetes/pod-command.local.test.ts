import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { tmuxTest } from "../../../test/tmux-test.ts";
import { shellQuote } from "../../lib/shell-quote.ts";
import { failedPreStart, podCommand } from "./pod-command.ts";

const config = {
  workDir: "/city/demo",
  command: "printf '%s|'",
  env: { GC_CITY: "/city/demo" },
  processNames: [],
  nudge: "",
  preStart: [],
  overlayDir: "",
  copyFiles: [],
};
const script = "/tmp/gc-launch.sh";
afterEach(() => rmSync(script, { force: true }));

/** Runs the part of a pod's command that says what tmux shall run, and then that. */
function agentsOutput(command: string): string {
  const [choice] = /(?:CMD=|echo '[^']*' \| base64 -d > )[^]*?&& (?=tmux )/u.exec(command) ?? [];
  return execFileSync("sh", ["-c", `${choice} exec sh -c "$CMD"`]).toString();
}

/** What a pod's command prints and exits with before it comes to tmux. */
function beforeTmux(preStart: readonly string[]): { stdout: string; status: number | null } {
  const command = podCommand({ ...config, preStart }, true);
  const start = command.indexOf("echo '");
  const { stdout, status } = spawnSync("sh", ["-c", `${command.slice(start, command.indexOf("CMD="))} echo up`], {
    encoding: "utf8",
  });
  return { stdout, status };
}

tmuxTest("the command of a pod tells the agent of the pod's end, and ends with it", async ({ tmux }) => {
  const agent = "trap 'sleep 0.2; echo saved >work; exit' HUP; echo up >work; while :; do sleep 0.05; done";
  const command = podCommand({ ...config, command: agent }, true).replaceAll("/tmp/", `${tmux.folder}/`);
  const shell = spawn("sh", ["-c", command], { env: tmux.env, cwd: tmux.folder, stdio: "ignore" });
  const work = (): string => readFileSync(join(tmux.folder, "work"), "utf8");
  await vi.waitFor(() => expect(work()).toBe("up\n"), 10_000);
  const ended = once(shell, "exit");
  shell.kill("SIGTERM");
  expect(await ended).toEqual([143, null]);
  expect(work()).toBe("saved\n");
});

describe("the command of a pod", () => {
  it("runs each pre_start, and ends with the words of one that fails", () => {
    expect(beforeTmux(["echo one", "echo in /city/demo"])).toEqual({ stdout: "one\nin /workspace\nup\n", status: 0 });
    const { stdout, status } = beforeTmux(["echo one", "echo no disk; exit 7", "echo three"]);
    expect(status).toBe(1);
    expect(failedPreStart(stdout)).toMatchObject({ number: "2", exitCode: "7", output: "one\nno disk\n" });
    expect(failedPreStart("sh: tmux: not found")).toBeUndefined();
  });

  it("starts the agent with its prompt, in which the city is where the pod has it", () => {
    const promptSuffix = shellQuote("it's in /city/demo/src");
    const command = podCommand({ ...config, promptSuffix, promptFlag: "-p" }, true);
    expect(agentsOutput(command)).toBe("-p|it's in /workspace/src|");
  });

  it("takes a prompt that is too long for tmux from a file", () => {
    const prompt = "größe $HOME `x` \\ 'quoted'\n".repeat(1500);
    const command = podCommand({ ...config, promptSuffix: shellQuote(prompt) }, true);
    expect(command).toContain("CMD='sh /tmp/gc-launch.sh'");
    expect(agentsOutput(command)).toBe(`${prompt}|`);
  });
});
