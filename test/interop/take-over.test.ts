import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { gc } from "./gc.ts";
import type { GcController } from "./gc-controller.ts";
import { atWork, patience, untilAtWork } from "./shared-city.ts";
import { TmuxCity } from "./tmux-city.ts";

let city: TmuxCity;
beforeEach(() => void (city = new TmuxCity()));
afterEach(() => city[Symbol.asyncDispose]());

const names = ["boss", "coder-gc-1", "coder-gc-2"];
const ends = /^session\.(?:stopped|draining|crashed)/u;

/** gc's controller with all sessions up. */
async function gcAtWork() {
  const controller = await city.startGc();
  await vi.waitFor(() => {
    expect(Object.keys(city.sessions()).sort()).toEqual(names);
    expect(Object.values(city.records()).map(({ state_reason: reason }) => reason)).toEqual(
      names.map(() => "creation_complete"),
    );
  }, patience);
  return controller;
}

/** Waits until gc has looked at everything several times more. */
async function someTicksOf({ ticks }: GcController): Promise<void> {
  const until = ticks() + 10;
  await vi.waitFor(() => expect(ticks()).toBeGreaterThan(until), patience);
}

describe.skipIf(gc === undefined)("when gc was killed, we", () => {
  it("go on with its sessions and its records, and end them when the city is stopped", async () => {
    const theirs = await gcAtWork();
    const sessions = city.sessions();
    const records = city.records();
    await theirs.kill();

    const runtime = city.open();
    await runtime.startCity();
    await untilAtWork(runtime);
    expect(city.sessions()).toEqual(sessions);
    expect(city.events().filter((event) => ends.test(event))).toEqual([]);
    for (const [name, { id, instance_token: token, generation }] of Object.entries(records))
      expect(city.records()[name]).toMatchObject({ id, instance_token: token, generation });
    expect(Object.keys(city.records()).sort()).toEqual(names);

    await runtime.stopCity();
    expect(city.sessions()).toEqual({});
    expect(await city.gc("status")).toContain("0/7 agents running");
    expect(new Set(Object.values(await city.listedByGc()))).toEqual(new Set(["asleep"]));
  });

  it("adopt its sessions by their names when the beads are lost too", async () => {
    const theirs = await gcAtWork();
    const sessions = city.sessions();
    await theirs.kill();
    city.loseBeads();

    const runtime = city.open();
    await runtime.startCity();
    await untilAtWork(runtime);
    expect(city.sessions()).toEqual(sessions);
    expect(Object.keys(city.records()).sort()).toEqual(names);
  });

  it("bring back a session of it that died", async () => {
    const theirs = await gcAtWork();
    await theirs.kill();
    const { boss } = city.sessions();
    city.tmux("kill-session", "-t", "=boss");
    const runtime = city.open();
    await runtime.startCity();
    await untilAtWork(runtime);
    expect(city.sessions()["boss"]).not.toBe(boss);
  });
});

describe.skipIf(gc === undefined)("when we have gone, gc", () => {
  it("goes on with our sessions and our records", async () => {
    const runtime = city.open();
    await runtime.startCity();
    await untilAtWork(runtime);
    const sessions = city.sessions();
    const ids = Object.values(city.records()).map(({ id }) => id);
    await runtime[Symbol.asyncDispose]();

    await someTicksOf(await city.startGc());
    expect(city.sessions()).toEqual(sessions);
    expect(city.events().filter((event) => ends.test(event))).toEqual([]);
    expect(Object.values(city.records()).map(({ id }) => id)).toEqual(ids);
    expect(await city.listedByGc()).toEqual(Object.fromEntries(atWork.map((alias) => [alias, "active"])));
  });

  it("and we again hand the same sessions to and fro", async () => {
    const first = city.open();
    await first.startCity();
    await untilAtWork(first);
    const sessions = city.sessions();
    await first[Symbol.asyncDispose]();
    const theirs = await city.startGc();
    await someTicksOf(theirs);
    await theirs.kill();
    const second = city.open();
    await untilAtWork(second);
    expect(city.sessions()).toEqual(sessions);
    expect(city.events().filter((event) => ends.test(event))).toEqual([]);
  });
});
