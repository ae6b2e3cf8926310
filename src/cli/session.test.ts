import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, it } from "vitest";
import { silentLog } from "../lib/log.ts";
import { session as sessionVerb } from "./session.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gascity-cli-"));
});
afterEach(async () => {
  await run("tmux", ["-L", "t", "kill-server"]);
  await rm(folder, { recursive: true });
});

const environment = () => ({ PATH: process.env["PATH"], TMUX_TMPDIR: folder, LANG: "C.UTF-8" });

/** Runs a program with tmux's sockets in the test's folder. */
async function run(file: string, args: readonly string[], input = "") {
  const child = spawn(file, args, { env: environment(), stdio: "pipe" });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { stdout, stderr, code: child.exitCode };
}

const gascity = (args: readonly string[], input = "") => run(process.execPath, ["src/cli.ts", ...args], input);
const session = (args: readonly string[], input = "") => gascity(["session", "--socket", "t", ...args], input);

it("is a session provider in gc's exec protocol", async () => {
  const message = JSON.stringify({
    work_dir: folder,
    command: "sh -c 'echo $COLOUR; exec cat'",
    env: { COLOUR: "teal" },
    process_names: null,
  });
  expect(await session(["start", "a-1"], message)).toMatchObject({ code: 0, stdout: "", stderr: "" });
  expect(await session(["is-running", "a-1"])).toMatchObject({ code: 0, stdout: "true\n" });
  expect(await session(["list-running", "a-"])).toMatchObject({ code: 0, stdout: "a-1\n" });
  expect(await session(["list-running", "b-"])).toMatchObject({ code: 0, stdout: "" });
  expect(await session(["nudge", "a-1"], "hello there")).toMatchObject({ code: 0 });
  expect((await session(["peek", "a-1", "0"])).stdout).toMatch(/^teal\nhello there\n/u);

  const again = await session(["start", "a-1"], message);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(/already exists/u) });
  expect(await session(["stop", "a-1"])).toMatchObject({ code: 0 });
  expect(await session(["stop", "a-1"])).toMatchObject({ code: 0 });
  expect(await session(["is-running", "a-1"])).toMatchObject({ code: 0, stdout: "false\n" });
});

it("attaches its own terminal, also within tmux", async () => {
  await run("tmux", ["-L", "t", "new-session", "-d", "-s", "a-1", "cat"]);
  const attach = `"${process.execPath}" src/cli.ts session --socket t attach a-1; echo left $?; cat`;
  const terminal = (...args: string[]) => run("tmux", ["-L", "terminal", ...args]);
  await terminal("new-session", "-d", "-c", process.cwd(), attach);
  try {
    const attached = () => run("tmux", ["-L", "t", "list-clients", "-F", "#{session_name}"]);
    await expect.poll(attached, { timeout: 8000 }).toMatchObject({ stdout: "a-1\n" });
    await terminal("send-keys", "größe", "Enter");
    await expect
      .poll(() => session(["peek", "a-1", "0"]), { timeout: 5000 })
      .toMatchObject({ stdout: expect.stringMatching(/größe\ngröße/u) });
    await terminal("send-keys", "C-b", "d");
    await expect.poll(async () => (await terminal("capture-pane", "-p")).stdout, { timeout: 5000 }).toContain("left 0");
  } finally {
    await terminal("kill-server");
  }
});

it("prints all of a long screen into a pipe", async () => {
  const many = 20_000;
  const deep = ["new-session", "-d", "-s", "keep", "cat", ";", "set-option", "-g", "history-limit", "30000"];
  await run("tmux", ["-L", "t", ...deep]);
  await run("tmux", ["-L", "t", "new-session", "-d", "-s", "a-1", `seq 1 ${many}; cat`]);
  const whole = Array.from({ length: many }, (_, index) => `${index + 1}\n`).join("");
  const shown = () => run("tmux", ["-L", "t", "capture-pane", "-p", "-t", "=a-1:"]);
  await expect.poll(shown, { timeout: 5000 }).toMatchObject({ stdout: expect.stringContaining(`${many}\n`) });
  const peek = `"${process.execPath}" src/cli.ts session --socket t peek a-1 0`;
  // A reader that takes nothing at first: the pipe is full by then.
  expect(await run("sh", ["-c", `${peek} | (sleep 0.6; cat)`])).toMatchObject({ stdout: whole, stderr: "" });
  expect(await run("sh", ["-c", `${peek} | head -n 1`])).toMatchObject({ stdout: "1\n", stderr: "" });
});

it("leaves nothing of a start that is interrupted", async () => {
  const message = { work_dir: folder, command: "cat", pre_start: ["touch begun; sleep 1000; :"] };
  const args = ["src/cli.ts", "session", "--socket", "t", "start", "a-1"];
  const child = spawn(process.execPath, args, { env: environment(), stdio: ["pipe", "ignore", "pipe"] });
  child.stdin.end(JSON.stringify(message));
  await expect.poll(() => existsSync(join(folder, "begun")), { timeout: 8000 }).toBe(true);
  child.kill("SIGINT");
  expect(await text(child.stderr)).toMatch(/The start of a-1 was interrupted/u);
  expect(child.exitCode ?? (await once(child, "exit"))[0]).toBe(1);
  expect(await session(["list-running"])).toMatchObject({ code: 0, stdout: "" });
});

it("takes an unknown operation for gc's success", async () => {
  expect(await sessionVerb(["dance", "a"], silentLog)).toBe(2);
});

it.each([
  { what: "nothing", args: [], reason: /needs an operation/u },
  { what: "an unknown option", args: ["--fast"], reason: /'--fast'/u },
  { what: "no name", args: ["stop"], reason: /needs the name of a session/u },
  { what: "an unknown provider", args: ["--provider", "nope", "stop", "a"], reason: /no provider "nope"/u },
])("refuses $what", async ({ args, reason }) => {
  await expect(sessionVerb(args, silentLog)).rejects.toMatchObject({
    problem: { reason: expect.stringMatching(reason), action: expect.stringMatching(/./u) },
  });
});

it("tells a refusal and its way out on stderr", async () => {
  expect(await session(["start", "a"], "no json")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/not JSON.*Send one/u),
  });
  expect(await gascity(["fly"])).toMatchObject({ code: 1, stderr: expect.stringMatching(/no verb "fly".*--help/u) });
});

it("says its version and how to use it", async () => {
  expect((await gascity(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/u);
  expect((await gascity(["--help"])).stdout).toContain("gascity session");
});
