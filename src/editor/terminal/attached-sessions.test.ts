import { describe, expect, it } from "vitest";
import type { AgentPhase } from "../../runtime/city-state.ts";
import { exampleCity } from "../example-city.ts";
import { ExampleRuntime } from "../example-runtime.ts";
import { AttachedSessions } from "./attached-sessions.ts";

/** The memory of a workspace, which outlives its windows. */
class Memory {
  readonly #values = new Map<string, unknown>();
  get<T>(key: string, fallback?: T): T {
    return (this.#values.get(key) ?? fallback) as T;
  }
  async update(key: string, value: unknown): Promise<void> {
    this.#values.set(key, value);
  }
}

function offered(memory: Memory, runtime: ExampleRuntime): string[] {
  const sessions: string[] = [];
  new AttachedSessions(memory).offerAgain(runtime, (agents) => sessions.push(...agents.map(({ session }) => session)));
  return sessions;
}

/** With one session (s0, s1, …) per phase. */
function city(...phases: readonly AgentPhase[]): ExampleRuntime {
  const runtime = new ExampleRuntime();
  runtime.become(exampleCity({}, ...phases));
  return runtime;
}

describe("AttachedSessions", () => {
  it("offers after a reload what was attached, was not closed and still runs", () => {
    const memory = new Memory();
    const before = new AttachedSessions(memory);
    const runtime = city("running", "running", "running", "exited", "running");
    for (const session of ["s0", "s1", "s2", "s3"]) before.add(runtime.state.root, session);
    before.delete(runtime.state.root, "s2");
    before.add("/another/city", "s4");
    expect(offered(memory, runtime)).toEqual(["s0", "s1"]);
    expect(offered(memory, runtime)).toEqual([]);
  });

  it("waits until the sessions have been seen, and offers once", () => {
    const memory = new Memory();
    const runtime = city("running");
    new AttachedSessions(memory).add(runtime.state.root, "s0");
    const { agents } = runtime.state;
    runtime.become({ phase: "loading", agents: [] });
    const sessions = offered(memory, runtime);
    expect(sessions).toEqual([]);
    runtime.become({ phase: "running", agents });
    runtime.become({ phase: "stopped" });
    expect(sessions).toEqual(["s0"]);
  });

  it("waits until it is known whether the agents are alive", () => {
    const memory = new Memory();
    const runtime = city("running", "starting");
    const before = new AttachedSessions(memory);
    for (const session of ["s0", "s1"]) before.add(runtime.state.root, session);
    const sessions = offered(memory, runtime);
    expect(sessions).toEqual([]);
    runtime.become(exampleCity({}, "running", "draining"));
    expect(sessions).toEqual(["s0", "s1"]);
  });

  it("offers nothing to a window that was attached to nothing", () => {
    expect(offered(new Memory(), city("running"))).toEqual([]);
  });
});
