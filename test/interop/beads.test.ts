import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { NewBead } from "../../src/beads/bead.ts";
import { FileBeadStore } from "../../src/beads/file/file-bead-store.ts";
import { beadsFile } from "../../src/beads/file/store-place.ts";
import { silentLog } from "../../src/lib/log.ts";
import { gc, runGc } from "./gc.ts";
import { writeCity } from "./write-city.ts";

const city = `
[workspace]
name = "shared"
[beads]
provider = "file"
[session]
provider = "fake"
[[agent]]
name = "worker"
start_command = "cat"
`;

/** A session's bead as gc makes it; only what its list shows. */
const session: NewBead = {
  title: "made here",
  type: "session",
  labels: ["gc:session", "template:worker"],
  metadata: { session_name: "worker-here", template: "worker", state: "asleep", agent_name: "worker-here" },
};

describe.skipIf(gc === undefined)("a file of beads that gc shares", () => {
  let root: string;
  let store: FileBeadStore;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "gascity-beads-"));
    writeCity(root, { "city.toml": city });
    store = new FileBeadStore(await beadsFile(root), silentLog);
  });
  afterEach(() => rm(root, { recursive: true }));

  const text = async (): Promise<string> => readFile(await beadsFile(root), "utf8");

  async function gcDoes(...args: readonly string[]): Promise<string> {
    const { stdout, stderr, code } = await runGc(root, [...args]);
    assert.equal(code, 0, stderr);
    return stdout;
  }

  it("shows here what gc wrote", async () => {
    await gcDoes("session", "new", "worker", "--no-attach", "--title", "größe <&>");
    await gcDoes("sling", "worker", 'do "it"\tnow \u2028 😀');
    const [made] = await store.list({ type: "session" });
    expect(made).toMatchObject({ id: "gc-1", title: "größe <&>", status: "open", metadata: { template: "worker" } });
    expect(made?.labels).toContain("gc:session");
    expect(Math.abs((made?.createdAt ?? 0) - Date.now())).toBeLessThan(60_000);
    const [work] = await store.list({ metadata: { "gc.routed_to": "worker" } });
    expect(work).toMatchObject({ title: 'do "it"\tnow \u2028 😀', type: "task", parent: "gc-3" });
    expect((await store.ready()).map(({ id }) => id)).toEqual(["gc-2", "gc-3"]);
  });

  it("shows gc what was written here", async () => {
    const { id } = await store.create(session);
    await store.create({ ...session, title: "closed here" });
    await store.close("gc-2");
    const listed = await gcDoes("session", "list");
    expect(listed).toMatch(new RegExp(`^${id} +worker +asleep .*worker-here`, "mu"));
    expect(listed).not.toContain("closed here");
    await gcDoes("session", "close", id);
    expect((await store.get(id)).status).toBe("closed");
  });

  it("is byte for byte what gc makes of it", async () => {
    await gcDoes("session", "new", "worker", "--no-attach");
    await store.create({
      ...session,
      priority: 0,
      assignee: "a",
      from: "b",
      ref: "c",
      description: "x\u007f\b\f\u0001 <&>\n\u2028",
    });
    await store.create({ title: "needs", type: "bug", needs: ["gc-1", "tracks:gc-2"] });
    await store.update("gc-1", {
      title: "new",
      metadata: { zz: "", "10": "ten", "9": "nine", größe: "ü", Ａ: "wide", "😀": "" },
    });
    const ours = await text();
    // gc writes all beads anew whatever it changes.
    await gcDoes("sling", "worker", "anything");
    const theirs = await text();
    const withoutNew = (whole: string): string => whole.replace(/^ {2}"seq": \d+/mu, "");
    expect(withoutNew(theirs).startsWith(withoutNew(ours).slice(0, withoutNew(ours).indexOf("\n  ]")))).toBe(true);
    const deps = (whole: string): string => whole.slice(whole.indexOf('"deps"'));
    expect(deps(theirs)).toBe(deps(ours));
  });

  it("loses nothing when both write at once", async () => {
    const { id } = await store.create({ title: "counted" });
    const rounds = Array.from({ length: 50 }, (_, number) => `${number}`);
    const theirs = (async () => {
      for (const number of rounds) await gcDoes("sling", "worker", `theirs ${number}`);
    })();
    const ours = (async () => {
      for (const number of rounds) {
        await store.create({ title: `ours ${number}` });
        await store.update(id, { metadata: { [number]: "seen" } });
      }
    })();
    await Promise.all([theirs, ours]);
    const beads = await store.list({ all: true, includeClosed: true });
    const titles = new Set(beads.map(({ title }) => title));
    for (const number of rounds) {
      expect(titles).toContain(`theirs ${number}`);
      expect(titles).toContain(`ours ${number}`);
      expect((await store.get(id)).metadata[number]).toBe("seen");
    }
    expect(new Set(beads.map((bead) => bead.id)).size).toBe(beads.length);
    // gc makes a convoy around each piece of work.
    expect(beads).toHaveLength(1 + 50 + 100);
  });

  it("is a rig's own where gc keeps one for each", async () => {
    writeCity(root, {
      "city.toml": `${city}[[rigs]]\nname = "app"\npath = "rig"\n[[agent]]\nname = "dev"\ndir = "app"\nstart_command = "cat"\n`,
      ".gc/file-beads-layout": "scope-local-v1\n",
    });
    const rig = new FileBeadStore(await beadsFile(root, join(root, "rig")), silentLog);
    await rig.create({ title: "made here" });
    // gc goes on to refuse it, for its id names no rig: so it does with beads of its own.
    await runGc(root, ["sling", "dev", "in the rig"]);
    expect((await rig.list({ all: true })).map(({ title }) => title)).toEqual(["made here", "in the rig"]);
    expect(await store.list({ all: true })).toEqual([]);
  });

  it("tells here at once what gc writes", async () => {
    await gcDoes("session", "new", "worker", "--no-attach");
    const seen: string[] = [];
    const watch = store.watch(({ beads }) => seen.push(...beads.keys()));
    await gcDoes("sling", "worker", "watched");
    await expect.poll(() => seen, { timeout: 10_000 }).toContain("gc-3");
    watch.dispose();
  });
});
