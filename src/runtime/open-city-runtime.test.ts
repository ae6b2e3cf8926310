import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silentLog } from "../lib/log.ts";
import type { CityRuntime } from "./city-runtime.ts";
import type { CityState } from "./city-state.ts";
import { openCityRuntime } from "./open-city-runtime.ts";

const run = promisify(execFile);
let root: string;
let socket: string;
const open: CityRuntime[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "gascity-runtime-"));
  socket = `gascity-test-${randomBytes(4).toString("hex")}`;
});

afterEach(async () => {
  for (const runtime of open.splice(0)) runtime.dispose();
  await run("tmux", ["-L", socket, "kill-server"]).catch(() => {});
  await rm(root, { recursive: true, force: true });
});

async function writeCity(agents: string): Promise<void> {
  const head = `[workspace]\nname = "t"\n[session]\nsocket = "${socket}"\n[daemon]\nshutdown_timeout = "0s"\n`;
  await writeFile(join(root, "city.toml"), head + agents);
}

function agent(name: string, command = "cat", more = "min_active_sessions = 1\nmax_active_sessions = 1"): string {
  return `[[agent]]\nname = "${name}"\nstart_command = "${command}"\n${more}\n`;
}

function openRuntime(env: Record<string, string> = {}): CityRuntime {
  const runtime = openCityRuntime({ root, env, log: silentLog });
  open.push(runtime);
  return runtime;
}

async function untilState(runtime: CityRuntime, condition: (state: CityState) => boolean): Promise<CityState> {
  const { promise, resolve } = Promise.withResolvers<CityState>();
  const check = (state: CityState): void => {
    if (condition(state)) resolve(state);
  };
  const watch = runtime.onDidChange(check);
  check(runtime.state);
  try {
    return await promise;
  } finally {
    watch.dispose();
  }
}

const phases = (state: CityState): Record<string, string> =>
  Object.fromEntries(state.agents.map(({ session, phase }) => [session, phase]));
const allRunning = (state: CityState): boolean =>
  state.agents.length > 0 && state.agents.every(({ phase }) => phase === "running");
const tmuxSessions = async (): Promise<string[]> => {
  const { stdout } = await run("tmux", ["-L", socket, "list-sessions", "-F", "#{session_name}"]).catch(() => ({
    stdout: "",
  }));
  return stdout.split("\n").filter(Boolean);
};

describe("a city on local tmux", () => {
  it("runs its agents, brings back what dies, and stops without leaving anything", async () => {
    await writeCity(agent("a") + agent("b"));
    const runtime = openRuntime();
    expect(phases(await untilState(runtime, ({ phase }) => phase === "stopped"))).toEqual({
      a: "stopped",
      b: "stopped",
    });

    await runtime.startCity();
    const { agents } = await untilState(runtime, allRunning);
    const before = agents.find(({ session }) => session === "a")?.since ?? 0;
    await runtime.nudge("b", "hello b");
    await expect.poll(() => runtime.peek("b", 0)).toContain("hello b");

    await run("tmux", ["-L", socket, "kill-session", "-t", "=a"]);
    await untilState(runtime, (state) => phases(state)["a"] !== "running");
    const after = await untilState(runtime, allRunning);
    expect(after.agents.find(({ session }) => session === "a")?.since).toBeGreaterThanOrEqual(before);

    await runtime.stopCity();
    await untilState(
      runtime,
      ({ phase, agents }) => phase === "stopped" && agents.every((row) => row.phase === "stopped"),
    );
    expect(await tmuxSessions()).toEqual([]);
  });

  it("leaves agents running when it is closed, and shows and controls them when it is opened again", async () => {
    await writeCity(agent("a"));
    const first = openRuntime();
    await first.startCity();
    await untilState(first, allRunning);
    first.dispose();
    expect(await tmuxSessions()).toEqual(["a"]);

    const second = openRuntime();
    await untilState(second, (state) => state.phase === "running" && allRunning(state));
    await run("tmux", ["-L", socket, "kill-session", "-t", "=a"]);
    await untilState(second, (state) => !allRunning(state));
    await untilState(second, allRunning);
  });

  it("keeps a stopped agent stopped until it is started again", async () => {
    await writeCity(agent("a") + agent("b"));
    const runtime = openRuntime();
    await runtime.startCity();
    await untilState(runtime, allRunning);

    await runtime.stopAgent("a");
    const state = await untilState(runtime, (state) => phases(state)["a"] === "stopped");
    expect(state.agents[0]).toMatchObject({ reason: "stopped by hand" });
    expect(await tmuxSessions()).toEqual(["b"]);

    await runtime.startAgent("a");
    await untilState(runtime, allRunning);
  });

  it("says why an agent that ends by itself is not running, and tries again", async () => {
    const until = "until [ -e end ]; do sleep 0.05; done; echo out of tokens; sleep 0.1; exit 3";
    await writeCity(agent("a", until));
    const runtime = openRuntime();
    const waitsBecause = (reason: RegExp) =>
      untilState(runtime, ({ agents }) => agents[0]?.phase === "waiting" && reason.test(agents[0].reason));
    await runtime.startCity();
    await untilState(runtime, allRunning);

    await writeFile(join(root, "end"), "");
    await waitsBecause(/^ended(?: with exit code 3)?; next start at/u);
    // From now on it does not even come up.
    await waitsBecause(/^a ended as soon as it was started: out of tokens; next start at/u);
    await rm(join(root, "end"));
    await untilState(runtime, allRunning);
  });

  it("keeps the last good city while city.toml is broken, and says where it is", async () => {
    await writeCity(agent("a"));
    const runtime = openRuntime();
    await runtime.startCity();
    await untilState(runtime, allRunning);

    await writeCity("[[agent]]\nname = \n");
    runtime.reload();
    const broken = await untilState(runtime, ({ diagnostics }) => diagnostics.length > 0);
    expect(broken).toMatchObject({
      phase: "running",
      name: "t",
      diagnostics: [{ severity: "error", range: { start: { line: 7 } } }],
    });
    expect(phases(broken)).toEqual({ a: "running" });

    await writeCity(agent("a") + agent("b"));
    runtime.reload();
    await untilState(runtime, (state) => state.agents.length === 2 && allRunning(state));
  });

  it("follows its files by itself: an agent that gets a folder, a city.toml that changes", async () => {
    await writeCity("");
    const runtime = openRuntime();
    await untilState(runtime, ({ phase }) => phase === "stopped");
    await mkdir(join(root, "agents/a"), { recursive: true });
    await writeFile(join(root, "agents/a/agent.toml"), 'start_command = "cat"\n');
    await writeFile(join(root, "pack.toml"), '[pack]\nname = "t"\nschema = 2\n');
    await untilState(runtime, ({ agents }) => agents.some(({ session }) => session === "a"));
    await writeCity(agent("b"));
    await untilState(runtime, ({ agents }) => agents.some(({ session }) => session === "b"));
  });

  it("shows what city.toml does not know, last and with its reason", async () => {
    await writeCity(agent("a", "cat", ""));
    await run("tmux", ["-L", socket, "new-session", "-d", "-s", "stranger", "cat"]);
    const runtime = openRuntime();
    const state = await untilState(runtime, ({ agents }) => agents.length === 2);
    expect(state.agents[1]).toMatchObject({ session: "stranger", phase: "running", reason: "not in city.toml" });
  });
});

describe("what keeps a city from working", () => {
  it("is invalid when city.toml has never loaded", async () => {
    await writeFile(join(root, "city.toml"), "[workspace");
    const runtime = openRuntime();
    await untilState(runtime, ({ phase }) => phase === "invalid");
    await expect(runtime.startCity()).rejects.toMatchObject({ problem: { reason: "The city has not been loaded" } });
  });

  it("needs an image on Kubernetes", async () => {
    await writeCity(agent("a"));
    const runtime = openRuntime({ GC_SESSION: "k8s" });
    const state = await untilState(runtime, ({ problem }) => problem !== undefined);
    expect(state.problem).toMatchObject({ code: "no-image", action: expect.stringContaining("[session.k8s]") });
    await expect(runtime.startCity()).rejects.toMatchObject({ problem: { code: "no-image" } });
  });
});
