import { describe, expect, vi } from "vitest";
import { agent, allRunning, localCities, phases, untilState } from "../../test/local-city.ts";
import { FileBeadStore } from "../beads/file/file-bead-store.ts";
import { beadsFile } from "../beads/file/store-place.ts";
import { silentLog } from "../lib/log.ts";
import type { CityRuntime } from "./city-runtime.ts";

const it = localCities();

/** Every row is the same in both windows, to the last word. */
async function showTheSame(...windows: readonly CityRuntime[]): Promise<void> {
  const [first] = windows;
  await vi.waitFor(() => {
    for (const { state } of windows) expect(state.agents).toEqual(first?.state.agents);
  }, 10_000);
}

describe.concurrent("a window that watches", () => {
  it("shows drains, holds, quarantine and their reasons as the one that controls", async ({ city }) => {
    const broken = agent("broken", "sh -c 'echo out of tokens; exit 3'");
    const all = agent("busy") + agent("held") + broken;
    await city.write(all);
    const [first, second] = [city.open(), city.open()];
    await first.startCity();
    await untilState(first, (state) => phases(state)["busy"] === "running" && phases(state)["held"] === "running");
    await first.stopAgent("held");
    const beads = new FileBeadStore(await beadsFile(city.root), silentLog);
    await beads.create({ title: "Mend the fence", assignee: "busy" });
    // It has failed four times already, or else that takes its time.
    const [failing] = await beads.list({ metadata: { agent_name: "broken" } });
    await beads.update(failing?.id ?? "", { metadata: { wake_attempts: "4" } });
    beads.dispose();
    await city.write(all.replace('name = "busy"', 'name = "busy"\nsuspended = true'));
    const { agents } = await untilState(
      first,
      (state) => phases(state)["busy"] === "draining" && phases(state)["broken"] === "quarantined",
    );
    expect(agents.find((row) => row.agent === "broken")?.reason).toContain("out of tokens");
    await showTheSame(first, second);
    // Who comes later is told all the same.
    await showTheSame(first, city.open());
    expect(second.state).toMatchObject({ phase: "running", control: { kind: "elsewhere" } });

    // Whoever takes the city over tells the agent once more, and keeps the deadline.
    const { session = "", until } = agents.find((row) => row.agent === "busy") ?? {};
    const inSession = (...args: string[]): string => city.tmux(args[0] ?? "", "-t", `=${session}`, ...args.slice(1));
    inSession("set-environment", "-u", "GC_DRAIN");
    await second.takeOver();
    await vi.waitFor(() => expect(inSession("show-environment", "GC_DRAIN")).toMatch(/^GC_DRAIN=\d/u), 10_000);
    expect(second.state.agents.find((row) => row.agent === "busy")).toMatchObject({ phase: "draining", until });
  });

  it("says why agents run, and that a city was started by hand", async ({ city }) => {
    await city.write(agent("a") + agent("b") + agent("c", "cat", ""));
    const [first, second] = [city.open(), city.open()];
    await first.startAgent("c");
    await showTheSame(first, second);
    expect(phases(second.state)).toEqual({ a: "stopped", b: "stopped", c: "running" });
    await first.startCity();
    await untilState(first, (state) => phases(state)["b"] === "running");
    await showTheSame(first, second);
    expect(second.state.agents[0]?.cause).toBe("min_active_sessions asks for it");
  });

  it("follows whoever took the city over from it, until nobody controls it", async ({ city }) => {
    await city.write(agent("a") + agent("b"));
    const [first, second] = [city.open(), city.open()];
    await first.startCity();
    await untilState(first, allRunning);
    await second.takeOver();
    await untilState(first, ({ control }) => control.kind === "elsewhere");
    await second.stopAgent("a");
    await untilState(first, ({ agents }) => agents[0]?.reason === "stopped by hand");
    await showTheSame(first, second);

    second.dispose();
    await untilState(first, ({ control, phase }) => control.kind === "free" && phase === "running");
    const third = city.open();
    await untilState(third, ({ control }) => control.kind === "controlling");
    await untilState(first, ({ control }) => control.kind === "elsewhere");
    await third.stopCity();
    await untilState(first, ({ control, phase }) => control.kind === "free" && phase === "stopped");
    await showTheSame(first, third);
  });
});
