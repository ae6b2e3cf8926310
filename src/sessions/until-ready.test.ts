import { describe, expect, it } from "vitest";
import { ProblemError } from "../lib/problem.ts";
import type { AgentScreen } from "./agent-screen.ts";
import { untilReady } from "./until-ready.ts";

const claude = { processNames: ["claude"], readyPromptPrefix: "❯ ", readyDelay: 10_000, emitsPermissionWarning: true };
const trust = "Do you trust the files in this folder?\n❯ 1. Yes, proceed\n  2. No, exit";

/** A terminal that shows these screens one after another, the last one for ever, and the keys it was given. */
function terminal(...screens: readonly (string | Error)[]): AgentScreen & { readonly pressed: string[] } {
  const pressed: string[] = [];
  let next = 0;
  return {
    pressed,
    look: async () => {
      const shown = screens[Math.min(next, screens.length - 1)] ?? "";
      next += 1;
      if (shown instanceof Error) throw shown;
      const lines = shown.split("\n");
      return { lines, screen: lines, up: shown !== "" };
    },
    press: async (key) => void pressed.push(key),
  };
}

function wait(screen: AgentScreen, hints: Partial<typeof claude> = claude, limit = 5000): Promise<boolean> {
  return untilReady(screen, { processNames: [], ...hints }, limit, new AbortController().signal);
}

describe.concurrent("untilReady", () => {
  it("answers a question once, however long it stands, and takes its pointer for no prompt", async () => {
    const screen = terminal("", trust, trust, trust, "❯ ");
    expect(await wait(screen)).toBe(true);
    expect(screen.pressed).toEqual(["Enter"]);
  });

  it("does not wait for the delay of an agent that shows its prompt", async () => {
    const begun = performance.now();
    expect(await wait(terminal("❯ Try a test"))).toBe(true);
    expect(performance.now() - begun).toBeLessThan(claude.readyDelay / 2);
  });

  it("presses nothing for a program of which nobody says that it asks", async () => {
    const screen = terminal(trust);
    expect(await wait(screen, {})).toBe(true);
    expect(screen.pressed).toEqual([]);
  });

  it("looks again when a look fails", async () => {
    expect(await wait(terminal(new Error("cut"), new Error("cut"), "❯ "))).toBe(true);
  });

  it("fails when the agent has ended", async () => {
    const died = new ProblemError({ code: "session-died", reason: "It ended", action: "Look" });
    await expect(wait(terminal("", died, "❯ "))).rejects.toBe(died);
  });

  it("says when no prompt was shown in time", async () => {
    expect(await wait(terminal("working"), claude, 100)).toBe(false);
  });
});
