import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import { runGascity } from "../../test/run-gascity.ts";
import { tmuxTest } from "../../test/tmux-test.ts";

const session = (args: readonly string[], input = "") => runGascity(["session", ...args], { input });

describe.concurrent("gascity session", () => {
  tmuxTest("is a session provider in gc's exec protocol", async ({ tmux, onTestFinished }) => {
    vi.stubEnv("TMUX_TMPDIR", tmux.folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const onT = (args: readonly string[], input?: string) => session(["--socket", "t", ...args], input);
    const message = JSON.stringify({
      work_dir: tmux.folder,
      command: "sh -c 'echo $COLOUR; exec cat'",
      env: { COLOUR: "teal" },
      process_names: null,
    });
    expect(await onT(["start", "a-1"], message)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await onT(["is-running", "a-1"])).toMatchObject({ code: 0, stdout: "true\n" });
    expect(await onT(["list-running", "a-"])).toMatchObject({ code: 0, stdout: "a-1\n" });
    expect(await onT(["list-running", "b-"])).toMatchObject({ code: 0, stdout: "" });
    expect(await onT(["nudge", "a-1"], "hello there")).toMatchObject({ code: 0 });
    expect((await onT(["peek", "a-1", "0"])).stdout).toMatch(/^teal\nhello there\n/u);

    expect(await onT(["send-keys", "a-1", "typed", "Enter"])).toMatchObject({ code: 0 });
    expect((await onT(["peek", "a-1", "0"])).stdout).toMatch(/\ntyped\ntyped\n/u);
    expect(await onT(["clear-scrollback", "a-1"])).toMatchObject({ code: 0 });
    expect(await onT(["set-meta", "a-1", "STATE"], "good; or not\n")).toMatchObject({ code: 0 });
    expect(await onT(["get-meta", "a-1", "STATE"])).toMatchObject({ code: 0, stdout: "good; or not" });
    expect(await onT(["remove-meta", "a-1", "STATE"])).toMatchObject({ code: 0 });
    expect(await onT(["get-meta", "a-1", "STATE"])).toMatchObject({ code: 0, stdout: "" });
    expect(await onT(["process-alive", "a-1"], "bash\ncat\n")).toMatchObject({ code: 0, stdout: "true\n" });
    expect(await onT(["process-alive", "a-1"], "none\n")).toMatchObject({ code: 0, stdout: "false\n" });
    expect(await onT(["is-attached", "a-1"])).toMatchObject({ code: 0, stdout: "false\n" });
    const { stdout: active } = await onT(["get-last-activity", "a-1"]);
    expect(active).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n$/u);
    expect(Math.abs(Date.parse(active.trim()) - Date.now())).toBeLessThan(60_000);
    expect(await onT(["copy-to", "a-1", "package.json", "copied.json"])).toMatchObject({ code: 0 });
    expect(existsSync(join(tmux.folder, "copied.json"))).toBe(true);

    const again = await onT(["start", "a-1"], message);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(/already exists/u) as string });
    expect(await onT(["stop", "a-1"])).toMatchObject({ code: 0 });
    expect(await onT(["stop", "a-1"])).toMatchObject({ code: 0 });
    expect(await onT(["is-running", "a-1"])).toMatchObject({ code: 0, stdout: "false\n" });
    // As gc has it, what cannot be done to a session that is not there is done.
    for (const operation of ["interrupt", "send-keys", "peek", "clear-scrollback", "get-last-activity", "get-meta"]) {
      expect(await onT([operation, "a-1", "KEY"]), operation).toEqual({ code: 0, stdout: "", stderr: "" });
    }
    expect(await onT(["attach", "a-1"])).toMatchObject({ code: 1 });
    // Sessions of this machine run in no image.
    expect(await onT(["check-image", "any:1"])).toEqual({ code: 2, stdout: "", stderr: "" });
  });

  tmuxTest("attaches its own terminal, also within tmux", async ({ tmux, expect }) => {
    tmux.tmux("new-session", "-d", "-s", "a-1", "cat");
    const attach = `"${process.execPath}" src/cli.ts session --socket default attach a-1; echo left $?; cat`;
    const terminal = (...args: string[]) => tmux.tmux("-L", "terminal", ...args);
    terminal("new-session", "-d", "-c", process.cwd(), attach);
    const attached = () => tmux.tmux("list-clients", "-F", "#{session_name}");
    await expect.poll(attached).toBe("a-1\n");
    terminal("send-keys", "größe", "Enter");
    await expect.poll(() => tmux.tmux("capture-pane", "-p", "-t", "=a-1:")).toMatch(/größe\ngröße/u);
    terminal("send-keys", "C-b", "d");
    await expect.poll(() => terminal("capture-pane", "-p")).toContain("left 0");
  });

  tmuxTest("prints all of a long screen into a pipe", async ({ tmux, expect }) => {
    const many = 20_000;
    tmux.tmux("new-session", "-d", "-s", "keep", "cat", ";", "set-option", "-g", "history-limit", "30000");
    tmux.tmux("new-session", "-d", "-s", "a-1", `seq 1 ${many}; cat`);
    const whole = Array.from({ length: many }, (_, index) => `${index + 1}\n`).join("");
    await expect.poll(() => tmux.tmux("capture-pane", "-p", "-t", "=a-1:")).toContain(`${many}\n`);
    const peek = `"${process.execPath}" src/cli.ts session --socket default peek a-1 0`;
    const into = (reader: string) => tmux.run(["sh", "-c", `${peek} | ${reader}`]);
    const [late, leaving] = await Promise.all([
      // A reader that takes nothing at first: the pipe is full by then.
      into("(sleep 0.6; cat)"),
      into("head -n 1"),
    ]);
    expect(late).toMatchObject({ stdout: whole, stderr: "" });
    expect(leaving).toMatchObject({ stdout: "1\n", stderr: "" });
  });

  tmuxTest("leaves nothing of a start that is interrupted", async ({ tmux, expect }) => {
    const message = { work_dir: tmux.folder, command: "cat", pre_start: ["touch begun; sleep 1000; :"] };
    const program = ["src/cli.ts", "session", "--socket", "default"];
    const child = spawn(process.execPath, [...program, "start", "a-1"], {
      env: tmux.env,
      stdio: ["pipe", "ignore", "pipe"],
    });
    child.stdin.end(JSON.stringify(message));
    await expect.poll(() => existsSync(join(tmux.folder, "begun"))).toBe(true);
    child.kill("SIGINT");
    expect(await text(child.stderr)).toMatch(/The start of a-1 was interrupted/u);
    expect(child.exitCode ?? (await once(child, "exit"))[0]).toBe(1);
    const left = await tmux.run([process.execPath, ...program, "list-running"]);
    expect(left).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });

  tmuxTest("tells what is wrong on stderr, and ends with its exit code", async ({ tmux, expect }) => {
    const refused = await tmux.run([process.execPath, "src/cli.ts", "fly"]);
    expect(refused).toEqual({ exitCode: 1, stdout: "", stderr: 'There is no verb "fly". See gascity --help.\n' });
  });
});

it("takes an unknown operation for gc's success", async () => {
  expect(await session(["dance", "a"])).toEqual({ code: 2, stdout: "", stderr: "" });
});

it.each([
  ["nothing", [], /needs an operation\. See/u],
  ["an unknown option", ["--fast"], /'--fast'\. See/u],
  ["no name", ["stop"], /needs the name of a session\. See/u],
  ["no image", ["check-image"], /needs the name of an image\. See/u],
  ["an unknown provider", ["--provider", "nope", "stop", "a"], /no provider "nope"\. Use/u],
  ["what is no start message", ["start", "a"], /not JSON.*Send one/u],
])("refuses %s", async (_, args, words) => {
  const stderr = expect.stringMatching(words) as string;
  expect(await session(args, "no json")).toEqual({ code: 1, stdout: "", stderr });
});

it("says its version and how to use it", async () => {
  expect((await runGascity(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/u);
  expect((await runGascity(["--help"])).stdout).toContain("gascity session");
});
