import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { programOnPath } from "../../src/runtime/program-on-path.ts";
import { runInPod } from "../cluster/in-pod.ts";
import type { ControllerProcess } from "../controller-process.ts";
import { ClusterCity, patience } from "./cluster-city.ts";
import { atWork } from "./shared-city.ts";

let city: ClusterCity;
let controller: ControllerProcess;
beforeAll(async () => {
  city = await ClusterCity.make();
  controller = city.run();
});
beforeEach(() => city.untilRunning(atWork));
afterAll(() => city[Symbol.asyncDispose]());

function untilPods(...names: readonly string[]): Promise<void> {
  return vi.waitFor(async () => expect(Object.keys(await city.pods()).sort()).toEqual(names), patience);
}

/** Does something to boss, waits until it runs in another pod, and returns what the event log tells meanwhile. */
async function bossAnew(act: () => Promise<unknown>): Promise<readonly string[]> {
  const [{ boss }, before] = [await city.pods(), city.events().length];
  await act();
  const told = () => city.events().slice(before);
  await vi.waitFor(() => expect(told()).toContain("session.woke boss"), patience);
  expect((await city.pods())["boss"]).not.toBe(boss);
  return told().filter((event) => event.startsWith("session."));
}

describe("while we control a city on Kubernetes", () => {
  it("gc status and session list show our sessions at work", async () => {
    expect(await city.gc("status")).toMatch(
      /Controller: standalone \(PID \d+\)[^]*coder-1 +running\n +coder-2 +running[^]*boss +active \(always\)/u,
    );
    const agent = (slot: number, running: boolean) => ({ name: `coder-${slot}`, running, suspended: false });
    expect(JSON.parse(await city.gc("status", "--json"))).toMatchObject({
      controller: { running: true, mode: "standalone" },
      agents: [agent(1, true), agent(2, true), agent(3, false), agent(4, false)],
      summary: { running_agents: 2, active_sessions: 3 },
    });
    expect(await city.listedByGc()).toEqual(Object.fromEntries(atWork.map((alias) => [alias, "active"])));
  });

  it("gc session nudge and peek reach one", async () => {
    await city.gc("session", "nudge", "boss", "good morning", "--delivery", "immediate");
    await vi.waitFor(async () => expect(await city.gc("session", "peek", "boss")).toContain("good morning"), patience);
  });

  it("gc session kill has one started anew, which is no crash", async () => {
    const { id = "" } = city.records()["boss"] ?? {};
    expect(await bossAnew(() => city.gc("session", "kill", "boss"))).toEqual([
      `session.stopped ${id}`,
      "session.woke boss",
    ]);
  });

  it.each([
    ["gc session reset", ["session", "reset"]],
    ["gc runtime drain-ack", ["runtime", "drain-ack"]],
  ])("%s has one ended, and started anew", async (_, verb) => {
    const told = await bossAnew(() => city.gc(...verb, "boss"));
    expect(told).toEqual(["session.stopped boss", "session.woke boss"]);
  });

  it("gc handoff has one started anew, which is no crash", async () => {
    const told = await bossAnew(() => city.gc("handoff", "--target", "boss", "your turn", "please"));
    expect(told).toEqual(["session.stopped boss", "session.woke boss"]);
  });

  it("gc runtime drain tells one to finish, which can say so from inside its pod", async () => {
    const inside = (command: string) => runInPod(city.namespace, "boss", `tmux ${command}`);
    const told = await bossAnew(async () => {
      await city.gc("runtime", "drain", "boss");
      expect(await inside("show-environment -t main GC_DRAIN")).toMatch(/^GC_DRAIN=\d+$/mu);
      await inside("set-environment -t main GC_DRAIN_ACK 1");
    });
    expect(told).toEqual(["session.draining boss", "session.stopped boss", "session.woke boss"]);
  });

  it("gc session suspend ends one until gc session wake", async () => {
    const { boss: _, ...others } = await city.pods();
    await city.gc("session", "suspend", "boss");
    await untilPods(...Object.keys(others).sort());
    expect(await city.listedByGc()).toMatchObject({ boss: "suspended" });
    await city.gc("session", "wake", "boss");
    await city.untilRunning(atWork);
  });

  it("gc session close ends one of a pool for ever, and another one takes its place, which is no crash", async () => {
    const before = city.events().length;
    const coder = Object.values(city.records()).find(({ alias }) => alias === "coder-2");
    const { id = "", session_name: name = "" } = coder ?? {};
    await city.gc("session", "close", id);
    await vi.waitFor(async () => expect(Object.keys(await city.pods())).not.toContain(name), patience);
    await city.untilRunning(atWork);
    expect(city.events().slice(before)).toEqual(["session.woke coder-2"]);
  });

  it("gc session pin wakes one on demand", async () => {
    await city.gc("session", "pin", "clerk");
    await vi.waitFor(() => expect(city.events()).toContain("session.woke clerk"), patience);
    await city.gc("session", "close", "clerk");
  });

  // gc attaches by it.
  it.runIf(programOnPath(process.env)("kubectl"))("gc session attach starts one on demand itself", async () => {
    const attached = () => runInPod(city.namespace, "clerk", "tmux display-message -t main -p '#{session_attached}'");
    // Where it finds that we were quicker than itself, gc gives up, and a person tries again.
    let terminal = city.gcAtTerminal("session", "attach", "clerk");
    await vi.waitFor(async () => {
      if (terminal.exitCode !== null) terminal = city.gcAtTerminal("session", "attach", "clerk");
      expect(await attached()).toBe("1\n");
    }, patience);
    await city.untilRunning(["boss", "clerk", "coder-1", "coder-2"]);
    terminal.stdin.write("by hand\r");
    await vi.waitFor(async () => expect(await city.gc("session", "peek", "clerk")).toContain("by hand"), patience);
    terminal.stdin.write("\u0002d");
    await vi.waitFor(async () => expect(await attached()).toBe("0\n"), patience);
    await city.gc("session", "close", "clerk");
  });

  it("gc agent suspend and resume, for one agent", async () => {
    await city.gc("agent", "suspend", "coder");
    await untilPods("boss");
    await city.gc("agent", "resume", "coder");
    await city.untilRunning(atWork);
  });

  it("gc suspend and resume, for the whole city", async () => {
    await city.gc("suspend");
    await untilPods();
    await city.gc("resume");
    await city.untilRunning(atWork);
  });

  it("gc stop ends all, and our controller", async () => {
    expect(await city.gc("stop")).toContain("City stopped.");
    expect(await city.pods()).toEqual({});
    expect(await controller.exit).toBe(0);
    expect(await city.gc("status")).toMatch(/Controller: stopped[^]*0\/4 agents running/u);
    expect(new Set(Object.values(await city.listedByGc()))).toEqual(new Set(["asleep"]));
    expect(city.events().filter((event) => event.startsWith("session.crashed"))).toEqual([]);
  }, 60_000);
});
