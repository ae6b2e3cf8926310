import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runInPod } from "../cluster/in-pod.ts";
import type { ControllerProcess } from "../controller-process.ts";
import { ClusterCity, patience } from "./cluster-city.ts";
import type { GcController } from "./gc-controller.ts";

let city: ClusterCity;
beforeEach(async () => void (city = await ClusterCity.make()));
afterEach(() => city[Symbol.asyncDispose]());

/** Its sessions, with the one on demand pinned. */
const aliases = ["boss", "clerk", "coder-1", "coder-2"];
const allRun = Object.fromEntries(aliases.map((alias) => [alias, "running"]));

const ends = /^session\.(?:stopped|draining|crashed|quarantined|suspended|idle_killed)/u;

/** What of a record tells one incarnation of a session from another. */
const identities = () =>
  Object.fromEntries(
    Object.entries(city.records()).map(([name, { id, instance_token: token, generation }]) => [
      name,
      { id, token, generation },
    ]),
  );

/** Starts gc's controller, and waits until it has looked at everything a few times. */
async function gcTakesOver(): Promise<GcController> {
  const controller = await city.startGc();
  await vi.waitFor(() => expect(controller.ticks()).toBeGreaterThan(2), { ...patience, timeout: 100_000 });
  expect(await city.listedByGc()).toEqual(Object.fromEntries(aliases.map((alias) => [alias, "active"])));
  return controller;
}

/** Starts our controller, and waits until it controls the city and all is seen to run. */
async function weTakeOver(): Promise<ControllerProcess> {
  const controller = city.run();
  await controller.said(/The city is controlled from here$/u, 40_000);
  await vi.waitFor(async () => expect(await city.rows()).toMatchObject(allRun), patience);
  return controller;
}

async function ended(controller: ControllerProcess, signal: NodeJS.Signals): Promise<void> {
  controller.kill(signal);
  await controller.exit;
}

it("gc and we hand the same pods to and fro, and then bring back one that is deleted", async () => {
  await city.letGcWriteItsFiles();
  const gc = await city.startGc();
  await city.gc("session", "pin", "clerk");
  await city.untilRunning(aliases);
  const [pods, sessions] = [await city.pods(), identities()];
  const nothingHappened = async (): Promise<void> => {
    expect(await city.pods()).toEqual(pods);
    expect(identities()).toEqual(sessions);
    expect(city.events().filter((event) => ends.test(event))).toEqual([]);
  };
  await gc.kill();
  const we = await weTakeOver();
  await nothingHappened();
  await ended(we, "SIGKILL");
  const gcAgain = await gcTakesOver();
  await nothingHappened();
  await gcAgain.kill();
  await weTakeOver();
  await nothingHappened();

  await city.deletePod("boss");
  await vi.waitFor(async () => {
    expect(await city.pods()).toEqual({ ...pods, boss: expect.not.stringMatching(pods["boss"] ?? "") as string });
    expect(await city.rows()).toMatchObject(allRun);
  }, patience);
}, 300_000);

describe("gc goes on with our pods and our records", () => {
  it.each([
    ["we were killed", "SIGKILL"],
    ["we have ended", "SIGTERM"],
  ] as const)("when %s", async (_, signal) => {
    const we = city.run();
    await we.said(/The city is controlled from here$/u, 40_000);
    await city.gc("session", "pin", "clerk");
    await city.untilRunning(aliases);
    const [pods, sessions] = [await city.pods(), identities()];
    await ended(we, signal);
    await gcTakesOver();
    expect(await city.pods()).toEqual(pods);
    expect(identities()).toEqual(sessions);
    expect(city.events().filter((event) => ends.test(event))).toEqual([]);
  });
});

/** What the pod's tmux session tells of whose it is: what gc can read, too. */
async function ownerIn(pod: string): Promise<string[]> {
  const shown = await runInPod(city.namespace, pod, "tmux show-environment -t main");
  return shown
    .split("\n")
    .filter((line) => /^GC_(?:SESSION_ID|INSTANCE_TOKEN)=/u.test(line))
    .sort();
}

it("a pod that we start says whose session it is", async () => {
  city.run();
  await city.untilRunning(["boss", "coder-1", "coder-2"]);
  const { id, instance_token: token } = city.records()["boss"] ?? {};
  expect(await ownerIn("boss")).toEqual([`GC_INSTANCE_TOKEN=${token}`, `GC_SESSION_ID=${id}`]);
});

describe("when gc was killed while it started a session, we", () => {
  it("go on with it if it has come up, although it does not say whose it is", async () => {
    const gc = await city.startGc();
    await vi.waitFor(async () => expect(await runInPod(city.namespace, "boss", "tmux ls")).toContain("main"), patience);
    await gc.kill();
    const [{ boss: pod }, { boss: session }] = [await city.pods(), identities()];
    expect(city.records()["boss"]).toMatchObject({ pending_create_claim: "true" });
    expect(await ownerIn("boss")).toEqual([]);

    city.run();
    await city.untilRunning(["boss", "coder-1", "coder-2"]);
    expect((await city.pods())["boss"]).toBe(pod);
    expect(identities()["boss"]).toEqual(session);
    expect(city.records()["boss"]?.["pending_create_claim"] ?? "").toBe("");
  });

  it("start it anew if it waits for files that nobody will bring", async () => {
    const gc = await city.startGc();
    await vi.waitFor(async () => expect(await city.pods()).toHaveProperty("boss"), patience);
    await gc.kill();
    const { boss } = await city.pods();

    city.run();
    await city.untilRunning(["boss", "coder-1", "coder-2"]);
    expect((await city.pods())["boss"]).not.toBe(boss);
    expect(await ownerIn("boss")).toHaveLength(2);
    expect(city.events().filter((event) => event.startsWith("session.crashed"))).toEqual([]);
  });
});
