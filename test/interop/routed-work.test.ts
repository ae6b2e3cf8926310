import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FileBeadStore } from "../../src/beads/file/file-bead-store.ts";
import { silentLog } from "../../src/lib/log.ts";
import type { CityRuntime } from "../../src/runtime/city-runtime.ts";
import { gc } from "./gc.ts";
import { patience, shownRunning, untilAtWork } from "./shared-city.ts";
import { TmuxCity } from "./tmux-city.ts";

let city: TmuxCity;
let runtime: CityRuntime;
let store: FileBeadStore;

beforeEach(async () => {
  city = new TmuxCity();
  runtime = city.open();
  await runtime.startCity();
  await untilAtWork(runtime);
  store = new FileBeadStore(join(city.root, ".gc/beads.json"), silentLog);
});
afterEach(async () => {
  store.dispose();
  await city[Symbol.asyncDispose]();
});

function untilRunning(...aliases: readonly string[]): Promise<void> {
  return vi.waitFor(() => expect(shownRunning(runtime)).toEqual(aliases), patience);
}

describe("work that is written into the beads", () => {
  it("wakes the session on demand that it is given to", async () => {
    await store.create({ title: "file the papers", assignee: "clerk" });
    await untilRunning("boss", "clerk", "coder-1", "coder-2");
  });

  it("has a pool grow when it is routed to it, up to its maximum", async () => {
    const work = { title: "code", metadata: { "gc.routed_to": "coder" } };
    for (const title of ["a", "b", "c"]) await store.create({ ...work, title });
    await untilRunning("boss", "coder-1", "coder-2", "coder-3");
    for (const title of ["d", "e"]) await store.create({ ...work, title });
    await untilRunning("boss", "coder-1", "coder-2", "coder-3", "coder-4");
  });

  it.each(["id", "session_name", "alias"])("keeps a session of a pool that has it under its %s", async (key) => {
    const work = await Promise.all(
      ["a", "b", "c"].map((title) => store.create({ title, metadata: { "gc.routed_to": "coder" } })),
    );
    await untilRunning("boss", "coder-1", "coder-2", "coder-3");
    const third = Object.values(city.records()).find(({ alias }) => alias === "coder-3");
    await store.update(work[2]?.id ?? "", { assignee: third?.[key] ?? "", status: "in_progress" });
    const name = third?.["session_name"] ?? "";
    const before = city.sessions()[name];
    for (const { id } of work.slice(0, 2)) await store.close(id);
    // Two are the least that there are, and this one is of them.
    await untilRunning("boss", "coder-1", "coder-3");
    expect(city.sessions()[name]).toBe(before);
    expect(city.events()).not.toContain("session.draining coder-3");
  });
});

describe.skipIf(gc === undefined)("work that gc writes", () => {
  it("has a pool grow when it is slung to it", async () => {
    for (const title of ["a", "b", "c"]) await city.gc("sling", "coder", title);
    await untilRunning("boss", "coder-1", "coder-2", "coder-3");
  });
});
