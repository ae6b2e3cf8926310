import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, it } from "vitest";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gascity-cli-"));
});
afterEach(async () => {
  await run("tmux", ["-L", "t", "kill-server"]);
  await rm(folder, { recursive: true });
});

/** Runs a program with tmux's sockets in the test's folder. */
async function run(file: string, args: readonly string[], input = "") {
  const env = { PATH: process.env["PATH"], TMUX_TMPDIR: folder };
  const child = spawn(file, args, { env, stdio: "pipe" });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { stdout, stderr, code: child.exitCode };
}

const gascity = (args: readonly string[], input = "") => run(process.execPath, ["src/cli.ts", ...args], input);
const session = (args: readonly string[], input = "") => gascity(["session", "--socket", "t", ...args], input);

it("is a session provider in gc's exec protocol", { timeout: 20_000 }, async () => {
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

it.each([
  { what: "an unknown operation is gc's success", args: ["session", "dance", "a"], code: 2, stderr: /^$/u },
  { what: "a name is needed", args: ["session", "stop"], code: 1, stderr: /needs the name of a session/u },
  { what: "a message that is no JSON is refused", args: ["session", "start", "a"], code: 1, stderr: /not JSON/u },
  { what: "an unknown verb is refused", args: ["fly"], code: 1, stderr: /no verb "fly"/u },
  {
    what: "an unknown provider is refused",
    args: ["session", "--provider", "nope", "stop", "a"],
    code: 1,
    stderr: /no provider "nope"/u,
  },
])("$what", async ({ args, code, stderr }) => {
  const result = await gascity(args, "no json");
  expect(result.stderr).toMatch(stderr);
  expect(result.code).toBe(code);
});

it("says its version and how to use it", async () => {
  expect((await gascity(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/u);
  expect((await gascity(["--help"])).stdout).toContain("gascity session");
});
