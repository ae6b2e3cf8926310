import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CityRuntime } from "../../src/runtime/city-runtime.ts";
import { gc } from "./gc.ts";
import { atWork, patience, shownRunning, untilAtWork } from "./shared-city.ts";
import { TmuxCity } from "./tmux-city.ts";

let city: TmuxCity;
let runtime: CityRuntime;

beforeEach(async () => {
  if (gc === undefined) return;
  city = new TmuxCity();
  runtime = city.open();
  await runtime.startCity();
  await untilAtWork(runtime);
});
afterEach(() => (gc === undefined ? undefined : city[Symbol.asyncDispose]()));

const phaseOf = (alias: string): string | undefined => runtime.state.agents.find(({ agent }) => agent === alias)?.phase;
const sessionOf = (alias: string): string => runtime.state.agents.find(({ agent }) => agent === alias)?.session ?? "";

function untilRunning(...aliases: readonly string[]): Promise<void> {
  return vi.waitFor(() => expect(shownRunning(runtime)).toEqual(aliases), patience);
}

/** Waits until a session runs again, as another incarnation. */
async function untilAnew(alias: string, before: string | undefined): Promise<void> {
  await vi.waitFor(() => {
    expect(city.sessions()[sessionOf(alias)]).toBeDefined();
    expect(city.sessions()[sessionOf(alias)]).not.toBe(before);
  }, patience);
  await untilRunning(...atWork);
}

/** Who was started, and whose death was taken for a crash. */
function startsAndCrashes(): readonly string[] {
  return city
    .events()
    .filter((event) => /^session\.(?:woke|crashed)/u.test(event))
    .map((event) => event.replace("session.woke ", ""))
    .sort();
}

describe.skipIf(gc === undefined)("while we control a city", () => {
  it("gc status and session list show our sessions at work", async () => {
    expect(await city.gc("status")).toMatch(
      /Controller: standalone \(PID \d+\)[^]*coder-1 +running\n +coder-2 +running/u,
    );
    expect(await city.listedByGc()).toEqual(Object.fromEntries(atWork.map((alias) => [alias, "active"])));
  });

  it("gc stop ends all", async () => {
    await city.gc("stop");
    expect(city.sessions()).toEqual({});
    await vi.waitFor(() => expect(runtime.state.phase).toBe("stopped"), patience);
  });

  it("gc session suspend ends one until gc session wake", async () => {
    await city.gc("session", "suspend", "boss");
    await vi.waitFor(() => expect(phaseOf("boss")).toBe("stopped"), patience);
    expect(Object.keys(city.sessions()).sort()).toEqual([sessionOf("coder-1"), sessionOf("coder-2")].sort());
    await city.gc("session", "wake", "boss");
    await untilRunning(...atWork);
  });

  it.each(["kill", "reset"])("gc session %s has one started anew, once, and none of it is a crash", async (verb) => {
    const { boss } = city.sessions();
    await city.gc("session", verb, "boss");
    await untilAnew("boss", boss);
    await vi.waitFor(() => expect(startsAndCrashes()).toEqual([...atWork, "boss"].sort()), patience);
    expect(city.records()["boss"]).not.toHaveProperty("wake_attempts");
  });

  it("gc session close ends one of a pool for ever, and another one takes its place", async () => {
    const { id = "", alias = "" } = city.records()["coder-gc-2"] ?? {};
    await city.gc("session", "close", id);
    await vi.waitFor(() => {
      expect(Object.keys(city.sessions())).not.toContain("coder-gc-2");
      expect(Object.keys(city.sessions())).toHaveLength(3);
    }, patience);
    await untilRunning(...atWork);
    await vi.waitFor(() => expect(startsAndCrashes()).toEqual([...atWork, alias].sort()), patience);
  });

  it("gc session pin wakes one on demand", async () => {
    await city.gc("session", "pin", "clerk");
    await untilRunning("boss", "clerk", "coder-1", "coder-2");
  });

  it("gc session nudge and peek reach one", async () => {
    await city.gc("session", "nudge", "boss", "good morning", "--delivery", "immediate");
    await vi.waitFor(async () => expect(await city.gc("session", "peek", "boss")).toContain("good morning"), patience);
  });

  it("gc runtime drain-ack ends one, which is started anew when it is wanted", async () => {
    const { boss } = city.sessions();
    await city.gc("runtime", "drain", "boss");
    await city.gc("runtime", "drain-ack", "boss");
    await untilAnew("boss", boss);
    expect(city.events()).toContain("session.stopped boss");
  });

  it("gc agent suspend and resume, for one agent", async () => {
    await city.gc("agent", "suspend", "coder");
    await vi.waitFor(() => expect(Object.keys(city.sessions())).toEqual(["boss"]), patience);
    await city.gc("agent", "resume", "coder");
    await untilRunning(...atWork);
  });

  it("gc suspend and resume, for the whole city", async () => {
    await city.gc("suspend");
    await vi.waitFor(() => expect(city.sessions()).toEqual({}), patience);
    await city.gc("resume");
    await untilRunning(...atWork);
  });
});
