import { readFile, readdir, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, vi } from "vitest";
import { agent, allRunning, localCities, phases, sessionOf, untilState } from "../../test/local-city.ts";
import type { StopProgress } from "../controller/stop-city.ts";

const it = localCities();

describe.concurrent("a city on local tmux", () => {
  it("runs its agents, brings back what dies, and stops without leaving anything", async ({ city }) => {
    await city.write(agent("a") + agent("b"));
    const runtime = city.open();
    expect(phases(await untilState(runtime, ({ phase }) => phase === "stopped"))).toEqual({
      a: "stopped",
      b: "stopped",
    });

    await runtime.startCity();
    const first = await untilState(runtime, allRunning);
    const [before] = first.agents;
    await runtime.nudge("b", "hello b");
    await vi.waitFor(async () => expect(await runtime.peek("b", 0)).toContain("hello b"), 10_000);

    city.tmux("kill-session", "-t", `=${sessionOf(first, "a")}`);
    await untilState(runtime, (state) => phases(state)["a"] !== "running");
    const [after] = (await untilState(runtime, allRunning)).agents;
    expect(after?.session).toBe(before?.session);
    expect(after?.since).toBeGreaterThanOrEqual(before?.since ?? 0);

    await runtime.stopCity();
    await untilState(
      runtime,
      ({ phase, agents }) => phase === "stopped" && agents.every((row) => row.phase === "stopped"),
    );
    expect(await city.sessions()).toEqual([]);
    await runtime[Symbol.asyncDispose]();
    expect(await city.told()).toEqual([
      "controller.started",
      expect.stringMatching(/^session.woke [ab]$/u),
      expect.stringMatching(/^session.woke [ab]$/u),
      "session.crashed a",
      "session.woke a",
      expect.stringMatching(/^session.stopped [ab]$/u),
      expect.stringMatching(/^session.stopped [ab]$/u),
      "controller.stopped",
    ]);
  });

  it("starts one anew that somebody ends as gc session kill does, once and without a crash", async ({ city }) => {
    await city.write(agent("a"));
    const runtime = city.open();
    await runtime.startCity();
    const session = sessionOf(await untilState(runtime, allRunning), "a");
    process.kill(Number(city.tmux("list-panes", "-t", `=${session}:`, "-F", "#{pane_pid}")), "SIGTERM");
    const [row] = (await untilState(runtime, (state) => phases(state)["a"] === "waiting")).agents;
    expect(row?.reason).toBe("ended by signal 15");
    city.tmux("kill-session", "-t", `=${session}`);
    await city.record({ type: "session.stopped", time: Date.now(), actor: "human", subject: session });
    await untilState(runtime, allRunning);
    await runtime[Symbol.asyncDispose]();
    expect(await city.told()).toEqual([
      "controller.started",
      "session.woke a",
      `session.stopped ${session}`,
      "session.woke a",
      "controller.stopped",
    ]);
  });

  it("leaves running what has not stopped when Stop City is cancelled, and lets go of it", async ({ city }) => {
    const deaf = "sh -c 'trap true INT; while true; do sleep 1; done'";
    await city.write(agent("a", deaf) + agent("b", deaf), 'shutdown_timeout = "1h"');
    const runtime = city.open();
    await runtime.startCity();
    await untilState(runtime, allRunning);
    const sessions = await city.sessions();
    const cancel = new AbortController();
    const reports: StopProgress[] = [];
    const stop = runtime.stopCity(cancel.signal, (progress) => {
      reports.push(progress);
      cancel.abort();
    });
    await expect(stop).rejects.toThrow();
    expect(reports[0]).toEqual({ stopped: 0, total: 2 });
    expect(runtime.state).toMatchObject({ phase: "stopped", control: { kind: "free" } });
    expect(await city.sessions()).toEqual(sessions);
  });

  it("says which limit an agent waits for that somebody has asked for, and starts it when there is a place", async ({
    city,
  }) => {
    const rig = '[[rigs]]\nname = "r"\npath = "r"\nmax_active_sessions = 1\n';
    const inRig = 'dir = "r"\nmax_active_sessions = 1';
    await city.write(rig + agent("a", "cat", inRig) + agent("b", "cat", inRig));
    const runtime = city.open();
    await runtime.startAgent("r/a");
    const started = runtime.startAgent("r/b");
    const reason = "max_active_sessions of the rig r is reached (1)";
    await untilState(runtime, ({ agents }) => agents[1]?.phase === "waiting" && agents[1].reason === reason);
    expect(phases(runtime.state)).toMatchObject({ "r/a": "running" });
    await runtime.stopAgent("r/a");
    await started;
    expect(phases(runtime.state)).toEqual({ "r/a": "stopped", "r/b": "running" });
  });

  it("leaves agents running when it is closed, and shows and controls them when it is opened again", async ({
    city,
  }) => {
    await city.write(agent("a"));
    const first = city.open();
    await first.startCity();
    const session = sessionOf(await untilState(first, allRunning), "a");
    first.dispose();
    expect(await city.sessions()).toEqual([session]);

    const second = city.open();
    await untilState(second, (state) => state.phase === "running" && allRunning(state));
    expect(await city.sessions()).toEqual([session]);
    city.tmux("kill-session", "-t", `=${session}`);
    await untilState(second, (state) => !allRunning(state));
    await untilState(second, allRunning);
  });

  it("ends nobody for want of work while it does not know how many its scale_check asks for", async ({ city }) => {
    const pool = agent("a", "cat", `scale_check = "while [ ! -e counted ]; do sleep 0.05; done; echo 2"`);
    await city.write(pool);
    await writeFile(join(city.root, "counted"), "");
    const first = city.open();
    await first.startCity();
    await untilState(first, (state) => state.agents.length === 2 && allRunning(state));
    const before = await city.sessions();
    first.dispose();

    await rm(join(city.root, "counted"));
    await city.write(pool + agent("b"));
    const second = city.open();
    // It has decided, also about the others.
    await untilState(second, (state) => phases(state)["b"] === "running");
    expect(await city.sessions()).toEqual(expect.arrayContaining(before));
    expect(await readFile(join(city.root, ".gc", "events.jsonl"), "utf8")).not.toContain("session.draining");
  });

  it("links the city's formulas once it is started, not for who only looks, and follows them", async ({ city }) => {
    const formulas = join(city.root, "formulas");
    const linked = (...names: string[]): Promise<void> =>
      vi.waitFor(async () => {
        const links = await readdir(join(city.root, ".beads", "formulas"));
        expect(links.sort()).toEqual(names.flatMap((name) => [`${name}.formula.toml`, `${name}.toml`]));
      }, 10_000);
    await city.write(agent("a"));
    await mkdir(formulas);
    await writeFile(join(formulas, "release.toml"), "");
    const runtime = city.open();
    await untilState(runtime, ({ phase }) => phase === "stopped");
    expect(await readdir(city.root)).not.toContain(".beads");

    await runtime.startCity();
    await linked("release");
    await rename(join(formulas, "release.toml"), join(formulas, "review.toml"));
    await linked("review");
    await rm(formulas, { recursive: true });
    await linked();
    await mkdir(formulas);
    await writeFile(join(formulas, "anew.toml"), "");
    await linked("anew");
    await writeFile(join(formulas, "later.toml"), "");
    await linked("anew", "later");
  });

  it("keeps a stopped agent stopped until it is started again", async ({ city }) => {
    await city.write(agent("a") + agent("b"));
    const runtime = city.open();
    await runtime.startCity();
    await untilState(runtime, allRunning);

    await runtime.stopAgent("a");
    const state = await untilState(runtime, (state) => phases(state)["a"] === "stopped");
    expect(state.agents[0]).toMatchObject({ reason: "stopped by hand" });
    expect(await city.sessions()).toEqual([sessionOf(state, "b")]);

    await runtime.startAgent("a");
    await untilState(runtime, allRunning);
  });

  it("says why an agent that ends by itself is not running, and tries again", async ({ city }) => {
    const until = "until [ -e end ]; do sleep 0.05; done; echo out of tokens; exit 3";
    await city.write(agent("a", until));
    const runtime = city.open();
    const waitsBecause = (reason: RegExp) =>
      untilState(runtime, ({ agents }) => agents[0]?.phase === "waiting" && reason.test(agents[0].reason));
    await runtime.startCity();
    await untilState(runtime, allRunning);

    await writeFile(join(city.root, "end"), "");
    await waitsBecause(/^ended(?: with exit code 3)?$/u);
    // From now on it does not even come up.
    await waitsBecause(/^it ended as soon as it was started: out of tokens$/u);
    const { agents } = await untilState(runtime, ({ agents }) => agents[0]?.phase === "quarantined");
    expect(agents[0]?.reason).toMatch(/^it died or failed five times in a row: .+ ended as soon as it was started/u);
    expect(agents[0]?.until).toBeGreaterThan(Date.now() + 4 * 60_000);
    await rm(join(city.root, "end"));
    await runtime.startAgent("a");
    await untilState(runtime, allRunning);
  });

  it("keeps the last good city while city.toml is broken, and says where it is", async ({ city }) => {
    await city.write(agent("a"));
    const runtime = city.open();
    await runtime.startCity();
    await untilState(runtime, allRunning);

    await city.write("[[agent]]\nname = \n");
    runtime.reload();
    const broken = await untilState(runtime, ({ diagnostics }) => diagnostics.length > 0);
    expect(broken).toMatchObject({
      phase: "running",
      name: "t",
      diagnostics: [{ severity: "error", range: { start: { line: 7 } } }],
    });
    expect(phases(broken)).toEqual({ a: "running" });

    await city.write(agent("a") + agent("b"));
    runtime.reload();
    await untilState(runtime, (state) => state.agents.length === 2 && allRunning(state));
  });

  it("follows its files by itself: an agent that gets a folder, a city.toml that changes", async ({ city }) => {
    await city.write("");
    const runtime = city.open();
    await untilState(runtime, ({ phase }) => phase === "stopped");
    await mkdir(join(city.root, "agents/a"), { recursive: true });
    await writeFile(join(city.root, "agents/a/agent.toml"), 'start_command = "cat"\n');
    await writeFile(join(city.root, "pack.toml"), '[pack]\nname = "t"\nschema = 2\n');
    await untilState(runtime, ({ agents }) => agents.some(({ session }) => session === "a"));
    await city.write(agent("b"));
    await untilState(runtime, ({ agents }) => agents.some(({ session }) => session === "b"));
  });

  it("is controlled by one of two: the other one watches, and may take over", async ({ city }) => {
    await city.write(agent("a"));
    const first = city.open();
    await first.startCity();
    const before = await untilState(first, allRunning);
    const second = city.open();
    await untilState(second, (state) => state.control.kind === "elsewhere" && allRunning(state));
    await expect(second.startCity()).rejects.toMatchObject({ problem: { code: "controlled-elsewhere" } });

    await second.takeOver();
    await untilState(second, ({ control }) => control.kind === "controlling");
    await untilState(first, ({ control }) => control.kind === "elsewhere" || control.kind === "lost");
    expect(await city.sessions()).toEqual(before.agents.map(({ session }) => session));
    city.tmux("kill-session", "-t", `=${sessionOf(before, "a")}`);
    await untilState(second, (state) => !allRunning(state));
    await untilState(second, allRunning);

    await first.stopCity();
    expect(await city.sessions()).toEqual([]);
  });

  it("shows what city.toml does not know, last and with its reason", async ({ city }) => {
    await city.write(agent("a", "cat", ""));
    city.tmux("new-session", "-d", "-s", "stranger", "cat");
    const runtime = city.open();
    const state = await untilState(runtime, ({ agents }) => agents.length === 2);
    expect(state.agents[1]).toMatchObject({ session: "stranger", phase: "running", reason: "not in city.toml" });
  });
});

describe.concurrent("what keeps a city from working", () => {
  it("is invalid when city.toml has never loaded", async ({ city }) => {
    await writeFile(join(city.root, "city.toml"), "[workspace");
    const runtime = city.open();
    await untilState(runtime, ({ phase }) => phase === "invalid");
    await expect(runtime.startCity()).rejects.toMatchObject({ problem: { reason: "The city has not been loaded" } });
  });

  it("needs an image on Kubernetes", async ({ city }) => {
    await city.write(agent("a"));
    const runtime = city.open({ GC_SESSION: "k8s" });
    const state = await untilState(runtime, ({ problem }) => problem !== undefined);
    expect(state.problem).toMatchObject({ code: "no-image", action: expect.stringContaining("[session.k8s]") });
    await expect(runtime.startCity()).rejects.toMatchObject({ problem: { code: "no-image" } });
  });
});
