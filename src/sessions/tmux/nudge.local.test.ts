import * as fc from "fast-check";
import { describe, expect, vi } from "vitest";
import { anyCharacter } from "../../../test/any-character.ts";
import { recorded, startRecorder } from "../../../test/recording-agent.ts";
import { tmuxTest } from "../../../test/tmux-test.ts";
import { silentLog } from "../../lib/log.ts";
import { nudgeText } from "../nudge-text.ts";
import type { SessionProvider } from "../session-provider.ts";
import { openTmuxSessions } from "./tmux-session-provider.ts";

const it = tmuxTest.extend<{ provider: SessionProvider }>({
  provider: async ({ tmux: { env } }, use) => {
    const provider = await openTmuxSessions({ socket: "default", log: silentLog, env });
    await use(provider);
    provider.dispose();
  },
});

/** What people and programs may write, and what tmux, a shell or a terminal could take for its own. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 40 }),
      fc.string({ unit: "grapheme", maxLength: 20 }),
      fc.constantFrom(
        "-l",
        "--",
        ";",
        "\\;",
        "Enter",
        "C-c",
        "\n",
        "\r\n",
        "\t",
        "$(id)",
        "`",
        "'",
        '"',
        "\u001B[201~",
      ),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));

describe.concurrent("nudge", () => {
  it("brings any text to an agent byte for byte, and one Enter", async ({ tmux, provider }) => {
    const names = Array.from({ length: 12 }, (_, index) => `a${index}`);
    await Promise.all(names.map((name) => startRecorder(tmux, name, "echo")));
    const texts = fc.array(anyText, { minLength: names.length, maxLength: names.length });
    const property = fc.asyncProperty(texts, async (all) => {
      await Promise.all(
        all.map(async (text, index) => {
          const name = names[index] ?? "";
          const typed = nudgeText(text);
          const expected = recorded(tmux, name) + (typed === "" ? "" : `${typed}\r`);
          await provider.nudge(name, text);
          await vi.waitFor(() => expect(recorded(tmux, name)).toBe(expected), 10_000);
        }),
      );
    });
    await fc.assert(property, { numRuns: 2, endOnFailure: true });
  });

  it("marks it as a paste where the agent asks for that, and cannot be made to end the paste early", async ({
    tmux,
    provider,
  }) => {
    await startRecorder(tmux, "a", "paste");
    await provider.nudge("a", "one\ntwo\u001B[201~\u009B201~rm");
    await vi.waitFor(() => expect(recorded(tmux, "a")).toBe("\u001B[200~one\ntwo[201~201~rm\u001B[201~\r"), 10_000);
  });

  it("keeps texts of several callers apart and in order", async ({ tmux, provider }) => {
    await startRecorder(tmux, "a", "echo");
    const texts = ["first", "second"];
    await Promise.all(texts.map((text) => provider.nudge("a", text)));
    await vi.waitFor(() => expect(recorded(tmux, "a")).toBe("first\rsecond\r"), 10_000);
  });

  it("keeps texts of several controllers apart, each one's in its order", async ({ tmux, provider }) => {
    const other = await openTmuxSessions({ socket: "default", log: silentLog, env: tmux.env });
    await startRecorder(tmux, "a", "echo");
    const texts = ["first", "second", "third"];
    const both = [provider, other].flatMap((each, who) => texts.map((text) => each.nudge("a", `${who} ${text}`)));
    await Promise.all(both);
    other.dispose();
    const lines = recorded(tmux, "a").split("\r").slice(0, -1);
    expect(lines.toSorted()).toEqual(["0 first", "0 second", "0 third", "1 first", "1 second", "1 third"]);
    expect(lines.filter((line) => line.startsWith("1"))).toEqual(texts.map((text) => `1 ${text}`));
  });

  it("goes on after one that failed", async ({ tmux, provider }) => {
    const failed = provider.nudge("a", "too early");
    await expect(failed).rejects.toMatchObject({ problem: { code: "session-missing" } });
    await startRecorder(tmux, "a", "echo");
    await provider.nudge("a", "now");
    await vi.waitFor(() => expect(recorded(tmux, "a")).toBe("now\r"), 10_000);
  });
});

describe.concurrent("the nudge of a start", () => {
  it.for([
    ["a program that is slow to come up", "sleep 0.5; stty raw -echo; exec tee a"],
    ["a shell script that greets", "sleep 0.4; stty raw -echo; echo up; tee a; :"],
  ] as const)("waits for %s", async ([, command], { tmux, provider }) => {
    const none = { processNames: [], preStart: [], overlayDir: "", copyFiles: [] };
    const config = { workDir: tmux.folder, command, env: {}, nudge: "hello", ...none };
    await provider.start("a", config, AbortSignal.timeout(20_000));
    await vi.waitFor(() => expect(recorded(tmux, "a")).toBe("hello\r"), 10_000);
  });
});
