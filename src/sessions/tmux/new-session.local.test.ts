import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, vi } from "vitest";
import type { LocalTmux } from "../../../test/local-tmux.ts";
import { tmuxTest as it } from "../../../test/tmux-test.ts";
import { newSession } from "./new-session.ts";

/** The environment that an agent sees. */
async function environmentOf(tmux: LocalTmux, env: Record<string, string>): Promise<string[]> {
  const command = "env > seen.part && mv seen.part seen; cat";
  tmux.tmux(...newSession("a", { workDir: tmux.folder, command, env }, "/bin/sh"));
  return vi.waitFor(() => readFileSync(join(tmux.folder, "seen"), "utf8").split("\n"), 10_000);
}

describe.concurrent("newSession", () => {
  it.for([
    ["a semicolon at the end", "one;"],
    ["an escaped one", "one\\;"],
    ["semicolons only", ";;"],
    ["quotes, dollars and a format", `'"$HOME" #{pid} #(id)`],
    ["an equals sign", "a=b"],
  ] as const)("hands on a value with %s as it is", async ([, value], { tmux }) => {
    expect(await environmentOf(tmux, { VALUE: value })).toContain(`VALUE=${value}`);
    expect(tmux.tmux("show-environment", "-t", "=a", "VALUE")).toBe(`VALUE=${value}\n`);
  });

  it("unsets what is empty, whatever the server has", async ({ tmux }) => {
    const seen = await environmentOf(tmux, { HOME: "", GC_RIG: "", GC_ALIAS: "a" });
    expect(seen).toContain("GC_ALIAS=a");
    expect(seen.filter((line) => /^(?:HOME|GC_RIG)=/u.test(line))).toEqual([]);
  });

  it("runs a plain shell where there is no command", async ({ tmux }) => {
    for (const [name, env] of Object.entries({ a: {}, b: { GC_RIG: "" } })) {
      tmux.tmux(...newSession(name, { workDir: tmux.folder, command: "", env }, "/bin/sh"));
      const pane = (): string => tmux.tmux("list-panes", "-t", `=${name}:`, "-F", "#{pane_dead} #{pane_current_path}");
      // The path is the process's, which has none until it has begun.
      await vi.waitFor(() => expect(pane()).toBe(`0 ${tmux.folder}\n`), 10_000);
    }
  });

  it("lives on whatever a person has in tmux.conf", ({ tmux }) => {
    tmux.tmux("new-session", "-d", "-s", "other", "cat");
    tmux.tmux("set-option", "-t", "=other:", "destroy-unattached", "off");
    const disliked = { "destroy-unattached": "on", "detach-on-destroy": "off", "base-index": "3", mouse: "on" };
    for (const [key, value] of Object.entries(disliked)) tmux.tmux("set-option", "-g", key, value);
    tmux.tmux(...newSession("a", { workDir: tmux.folder, command: "cat", env: {} }, "/bin/sh"));
    const options = tmux.tmux("show-options", "-t", "=a:").split("\n");
    expect(options).toEqual(expect.arrayContaining(["destroy-unattached off", "detach-on-destroy on", "mouse off"]));
    expect(tmux.tmux("show-options", "-w", "-t", "=a:")).toMatch(/remain-on-exit on/u);
  });
});
