import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LocalTmux } from "../../../test/local-tmux.ts";
import { silentLog } from "../../lib/log.ts";
import { nudgeText } from "../nudge-text.ts";
import type { SessionProvider } from "../session-provider.ts";
import { openTmuxSessions } from "./tmux-session-provider.ts";

let tmux: LocalTmux;
let provider: SessionProvider;
beforeEach(async () => {
  tmux = new LocalTmux();
  vi.stubEnv("TMUX_TMPDIR", tmux.folder);
  provider = await openTmuxSessions({ socket: "default", log: silentLog });
});
afterEach(() => {
  provider.dispose();
  tmux.dispose();
  vi.unstubAllEnvs();
});

/** An agent that keeps all it is given, byte for byte, in a file of its own name. */
async function startListener(name: string, before = ""): Promise<void> {
  tmux.tmux("new-session", "-d", "-s", name, "-c", tmux.folder, `stty raw -echo; ${before} echo up; cat > ${name}`);
  await vi.waitFor(async () => expect(await provider.peek(name, 0)).toContain("up"), 10_000);
}

const heard = (name: string): string => readFileSync(join(tmux.folder, name), "utf8");

/** What people and programs may write, and what tmux, a shell or a terminal could take for its own. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
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

describe("nudge", () => {
  it("brings any text to an agent byte for byte, and one Enter", { timeout: 20_000 }, async () => {
    const names = Array.from({ length: 12 }, (_, index) => `a${index}`);
    await Promise.all(names.map((name) => startListener(name)));
    const texts = fc.array(anyText, { minLength: names.length, maxLength: names.length });
    const property = fc.asyncProperty(texts, async (all) => {
      await Promise.all(
        all.map(async (text, index) => {
          const name = names[index] ?? "";
          const typed = nudgeText(text);
          const expected = heard(name) + (typed === "" ? "" : `${typed}\r`);
          await provider.nudge(name, text);
          await vi.waitFor(() => expect(heard(name)).toBe(expected), 10_000);
        }),
      );
    });
    await fc.assert(property, { numRuns: 2, endOnFailure: true });
  });

  it("marks it as a paste where the agent asks for that, and cannot be made to end the paste early", async () => {
    await startListener("a", "printf '\\033[?2004h';");
    await provider.nudge("a", "one\ntwo\u001B[201~\u009B201~rm");
    await vi.waitFor(() => expect(heard("a")).toBe("\u001B[200~one\ntwo[201~201~rm\u001B[201~\r"), 10_000);
  });

  it("keeps texts of several callers apart and in order", async () => {
    await startListener("a");
    const texts = ["first", "second"];
    await Promise.all(texts.map((text) => provider.nudge("a", text)));
    await vi.waitFor(() => expect(heard("a")).toBe("first\rsecond\r"), 10_000);
  });

  it("goes on after one that failed", async () => {
    const failed = provider.nudge("a", "too early");
    await expect(failed).rejects.toMatchObject({ problem: { code: "session-missing" } });
    await startListener("a");
    await provider.nudge("a", "now");
    await vi.waitFor(() => expect(heard("a")).toBe("now\r"), 10_000);
  });
});

describe("the nudge of a start", () => {
  it.each([
    ["a program that is slow to come up", "sleep 0.5; stty raw -echo; exec cat > a"],
    ["a shell script that greets", "sleep 0.4; stty raw -echo; echo up; cat > a; :"],
  ])("waits for %s", async (_, command) => {
    const none = { processNames: [], preStart: [], overlayDir: "", copyFiles: [] };
    const config = { workDir: tmux.folder, command, env: {}, nudge: "hello", ...none };
    await provider.start("a", config, AbortSignal.timeout(5000));
    await vi.waitFor(() => expect(heard("a")).toBe("hello\r"), 10_000);
  });
});
