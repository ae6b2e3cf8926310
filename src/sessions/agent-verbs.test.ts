import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LocalTmux } from "../../test/local-tmux.ts";
import { capturePane, interruptAgent, typeText } from "./agent-verbs.ts";
import { nudgeText } from "./nudge-text.ts";
import { execTmuxRunner } from "./kubernetes/exec-tmux-runner.ts";

let pod: LocalTmux;
beforeEach(() => {
  pod = new LocalTmux();
});
afterEach(() => pod.dispose());

const tmux = execTmuxRunner(
  { run: async (_, __, argv, options) => pod.run(argv, options?.input) },
  { podName: "pod", uid: "1" },
);

/** An agent that keeps all it is given, byte for byte, in a file. */
async function startAgent(command = "stty raw -echo; echo ready; cat > typed"): Promise<void> {
  pod.startAgent(command);
  await vi.waitFor(async () => expect(await capturePane(tmux, 0)).toContain("ready"), 10_000);
}

const typed = (): string => readFileSync(join(pod.folder, "typed"), "utf8");

describe("typeText", () => {
  it.each([
    ["a plain line", "hello"],
    ["a key's name", "Enter"],
    ["what looks like an option", "-l --"],
    ["a semicolon at the end", "one; two;"],
    ["quotes, dollars and umlauts", 'it\'s "$HOME" `id` größe 🚀'],
    ["several lines", "one\n\ttwo\n\nthree"],
    ["64 KiB", "0123456789abcde\n".repeat(4095) + "x"],
  ])("types %s exactly once and presses Enter", async (_, text) => {
    await startAgent();
    await typeText(tmux, nudgeText(text));
    await vi.waitFor(() => expect(typed()).toBe(`${text}\r`), 10_000);
  });

  it("reaches an agent whose terminal is scrolled back", async () => {
    await startAgent();
    pod.run(["tmux", "copy-mode", "-t", "main"]);
    await typeText(tmux, "now");
    await vi.waitFor(() => expect(typed()).toBe("now\r"), 10_000);
  });

  it("does nothing without text", async () => {
    await startAgent();
    await typeText(tmux, "");
    await typeText(tmux, "end");
    await vi.waitFor(() => expect(typed()).toBe("end\r"), 10_000);
  });

  it("leaves no buffer behind", async () => {
    await startAgent();
    await typeText(tmux, "x");
    expect(pod.run(["tmux", "list-buffers"]).stdout).toBe("");
  });
});

describe("interruptAgent", () => {
  it("ends what runs in front", async () => {
    await startAgent("trap 'echo caught' INT; echo ready; while :; do sleep 1; done");
    await interruptAgent(tmux);
    await vi.waitFor(async () => expect(await capturePane(tmux, 0)).toContain("caught"), 10_000);
  });
});

describe("capturePane", () => {
  it("gives as many lines of scrollback as asked for, and all for 0", async () => {
    await startAgent("seq 1 200; echo ready; sleep 100");
    expect(await capturePane(tmux, 0)).toMatch(/^1\n2\n/u);
    const [first = ""] = (await capturePane(tmux, 5)).split("\n");
    const [screen = ""] = pod.run(["tmux", "capture-pane", "-p", "-t", "main"]).stdout.split("\n");
    expect(Number(screen) - Number(first)).toBe(5);
  });
});

describe("nudgeText", () => {
  it.each([
    ["a\r\nb\rc", "a\nb\nc"],
    ["tab\tstays, bell\u0007 and escape\u001B[31m go", "tab\tstays, bell and escape[31m go"],
    ["line ends at the close go\n\n", "line ends at the close go"],
    ["lone \uD800 surrogate", "lone \uFFFD surrogate"],
  ])("makes %j typeable", (text, expected) => {
    expect(nudgeText(text)).toBe(expected);
  });

  it("takes 64 KiB and refuses one byte more", () => {
    expect(nudgeText("x".repeat(65_536))).toHaveLength(65_536);
    expect(() => nudgeText("x".repeat(65_537))).toThrow(/64 KiB/u);
  });
});
