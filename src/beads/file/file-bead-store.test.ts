import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { beadStoreContract } from "../../../test/bead-store-contract.ts";
import { silentLog } from "../../lib/log.ts";
import type { BeadSnapshot } from "../bead-store.ts";
import { FileBeadStore } from "./file-bead-store.ts";

let folder: string;
let file: string;
let store: FileBeadStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gascity-beads-"));
  file = join(folder, ".gc", "beads.json");
  store = new FileBeadStore(file, silentLog);
});
afterEach(() => {
  store.dispose();
  rmSync(folder, { recursive: true });
});

/** Puts a text where the store is, as another process would. */
function put(text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.tmp`, text);
  renameSync(`${file}.tmp`, file);
}

const text = (): string => readFileSync(file, "utf8");
const bead = (id: string, title = id): object => ({
  id,
  title,
  status: "open",
  issue_type: "task",
  created_at: "2026-01-01T00:00:00Z",
});

describe("a store in a file", () => {
  it.each(Object.entries(beadStoreContract))("%s", (_name, holds) => holds(store));
});

describe("the file", () => {
  it("is as gc writes it", async () => {
    vi.spyOn(Date, "now").mockReturnValue(Date.UTC(2026, 0, 2, 3, 4, 5, 120));
    await store.create({
      title: "a <b> & c\u2028\ud800",
      priority: 0,
      labels: ["z", "a"],
      metadata: { z: "", "10": "x", "9": "y" },
    });
    await store.create({ title: "x", type: "session", needs: ["gc-1"] });
    vi.restoreAllMocks();
    expect(text()).toMatchInlineSnapshot(`
      "{
        "seq": 2,
        "beads": [
          {
            "id": "gc-1",
            "title": "a \\u003cb\\u003e \\u0026 c\\u2028�",
            "status": "open",
            "issue_type": "task",
            "priority": 0,
            "created_at": "2026-01-02T03:04:05.12Z",
            "labels": [
              "z",
              "a"
            ],
            "metadata": {
              "10": "x",
              "9": "y",
              "z": ""
            }
          },
          {
            "id": "gc-2",
            "title": "x",
            "status": "open",
            "issue_type": "session",
            "created_at": "2026-01-02T03:04:05.12Z",
            "needs": [
              "gc-1"
            ]
          }
        ],
        "deps": [
          {
            "issue_id": "gc-2",
            "depends_on_id": "gc-1",
            "type": "blocks"
          }
        ]
      }"
    `);
  });

  it("is not made by looking", async () => {
    expect(await store.list({ all: true })).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });

  it("keeps its mode, and leaves nothing beside it but the lock", async () => {
    put('{"seq":0,"beads":[]}');
    chmodSync(file, 0o660);
    await store.create({ title: "x" });
    expect(statSync(file).mode & 0o777).toBe(0o660);
    expect(readdirSync(dirname(file)).toSorted()).toEqual(["beads.json", "beads.json.lock"]);
  });

  it("is not written when nothing changes", async () => {
    put('{"seq":1, "beads":[{"id":"gc-1","title":"t","status":"closed","labels":["a"],"metadata":{"k":"v"}}]}');
    const before = text();
    await store.close("gc-1");
    await store.update("gc-1", { title: "t", addLabels: ["a"], removeLabels: ["b"], metadata: { k: "v" } });
    await store.removeDependency({ issueId: "gc-1", dependsOnId: "gc-2" });
    expect(text()).toBe(before);
  });

  it("keeps what this program does not know", async () => {
    const odd = String.raw`{"id":"gc-1", "assignee":"one", "assignee":"two", "title":"t", "status":"hooked","issue_type":"weird","big":12345678901234567890,"one":1.0,"esc":"\u00fc","metadata":{"flag":true,"b":"\u00e9"},"updated_at":"x"}`;
    put(
      `{"revisions":{"gc-1":7.0},"seq":1,"beads":[${odd}],"deps":[{"issue_id":"gc-1","depends_on_id":"gc-9","type":"blocks","since":1.50}]}`,
    );
    expect((await store.get("gc-1")).metadata).toEqual({ flag: "true", b: "é" });
    await store.create({ title: "new" });
    expect(text()).toContain(odd);
    await store.update("gc-1", { assignee: "mayor", metadata: { a: "1" } });
    for (const kept of [
      `{"gc-1":7.0}`,
      "12345678901234567890",
      '"one": 1.0',
      String.raw`"\u00fc"`,
      '"flag": true',
      String.raw`"\u00e9"`,
      '"since":1.50',
      '"hooked"',
      '"weird"',
      '"updated_at": "x"',
    ])
      expect(text()).toContain(kept);
    expect(await store.get("gc-1")).toMatchObject({ assignee: "mayor", status: "hooked", type: "weird" });
  });

  it("is read again while it is so young that its time and size may be those of another state", async () => {
    const write = (title: string): void => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify({ seq: 1, beads: [bead("gc-1", title)] }));
      utimesSync(file, later, later);
    };
    const later = new Date(Date.now() + 60_000);
    write("one");
    const first = await store.get("gc-1");
    expect(await store.get("gc-1")).toBe(first);
    write("two");
    expect((await store.get("gc-1")).title).toBe("two");
  });

  it("gives ids that nobody has", async () => {
    put(JSON.stringify({ seq: 1, beads: [bead("gc-2"), bead("gc-3")] }));
    expect((await store.create({ title: "x" })).id).toBe("gc-4");
    await store.delete("gc-4");
    expect((await store.create({ title: "y" })).id).toBe("gc-5");
  });

  it("may have no lists in it", async () => {
    put('{"seq": 4, "beads": null}');
    expect(await store.list({ all: true })).toEqual([]);
    expect((await store.create({ title: "x" })).id).toBe("gc-5");
  });

  it("counts the first of two beads with one id, and keeps both", async () => {
    put(JSON.stringify({ seq: 2, beads: [bead("gc-1", "first"), bead("gc-2"), bead("gc-1", "second")] }));
    await store.update("gc-1", { title: "changed" });
    expect((await store.get("gc-1")).title).toBe("changed");
    expect(text()).toContain('"second"');
  });

  it.each([
    ["empty", "", /Unexpected end/u],
    ["cut off", '{"seq": 3, "beads": [', /Unexpected end|Expected/u],
    ["a list", "[]", /not a JSON object/u],
    ["without a list of beads", '{"beads": 3}', /"beads" is not a list/u],
    ["with a bead that is none", '{"beads": [{"id":"gc-1"}, 7]}', /number 2 in "beads" has no id/u],
    ["with a strange number", '{"seq": "7"}', /"seq" is not a whole number/u],
  ])("is refused and left alone when it is %s", async (_what, broken, why) => {
    put(broken);
    for (const call of [() => store.get("gc-1"), () => store.create({ title: "x" }), () => store.delete("gc-1")]) {
      await expect(call()).rejects.toMatchObject({
        problem: { code: "beads-failed", reason: expect.stringMatching(why) as string },
      });
      await expect(call()).rejects.toThrow(file);
    }
    expect(text()).toBe(broken);
    put(JSON.stringify({ seq: 1, beads: [bead("gc-1")] }));
    expect((await store.get("gc-1")).id).toBe("gc-1");
  });
});

describe("several changes at once", () => {
  it("are all done or none", async () => {
    const { id } = await store.create({ title: "first" });
    const before = text();
    const edits = [
      { kind: "update", id, change: { title: "changed" } },
      { kind: "create", bead: { title: "second" } },
      { kind: "close", id: "gc-99" },
    ] as const;
    await expect(store.apply(edits)).rejects.toThrow(/no bead gc-99/u);
    expect(text()).toBe(before);
    expect((await store.get(id)).title).toBe("first");
  });

  it("share a write, and one that fails does not harm the others", async () => {
    const seen: BeadSnapshot[] = [];
    const watch = store.watch((snapshot) => seen.push(snapshot));
    const made = Array.from({ length: 50 }, (_, index) => store.create({ title: `${index}` }));
    const failed = store.close("gc-999");
    await expect(failed).rejects.toThrow(/no bead/u);
    expect(new Set((await Promise.all(made)).map(({ id }) => id)).size).toBe(50);
    const steps = new Set(seen.map(({ beads }) => beads.size));
    // The lock is taken for the first, and the others come while it is waited for.
    expect([...steps].toSorted((a, b) => a - b)).toEqual([0, 50]);
    watch.dispose();
  });

  it("wait for who has the lock, while reads do not, and not for ever", async () => {
    put(JSON.stringify({ seq: 1, beads: [bead("gc-1")] }));
    const holder = spawn("flock", [`${file}.lock`, "sh", "-c", "echo held; exec cat"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    await once(holder.stdout, "data");
    const impatient = new FileBeadStore(file, silentLog, 50);
    await expect(impatient.create({ title: "x" })).rejects.toThrow(`${file}.lock`);
    const waiting = store.create({ title: "y" });
    expect((await store.get("gc-1")).id).toBe("gc-1");
    expect(text()).not.toContain('"y"');
    holder.stdin.end();
    expect((await waiting).id).toBe("gc-2");
  });
});

describe("a watch", () => {
  const soon = { timeout: 10_000 };

  it("sees a file that comes, changes and goes, in a folder that comes too", async () => {
    let last: BeadSnapshot | undefined;
    const watch = store.watch((snapshot) => (last = snapshot));
    const shows = (ids: readonly string[]): Promise<void> =>
      vi.waitFor(() => expect([last?.synced, ...(last?.beads.keys() ?? [])]).toEqual([true, ...ids]), soon);
    await shows([]);
    put(JSON.stringify({ seq: 1, beads: [bead("gc-1")] }));
    await shows(["gc-1"]);
    const first = last?.beads.get("gc-1");
    put(JSON.stringify({ seq: 2, beads: [bead("gc-1"), bead("gc-2")] }));
    await shows(["gc-1", "gc-2"]);
    expect(last?.beads.get("gc-1")).toBe(first);
    rmSync(file);
    await shows([]);
    watch.dispose();
  });

  it("keeps the last beads known while the file is broken", async () => {
    let last: BeadSnapshot | undefined;
    put(JSON.stringify({ seq: 1, beads: [bead("gc-1")] }));
    const watch = store.watch((snapshot) => (last = snapshot));
    await vi.waitFor(() => expect(last?.beads.size).toBe(1), soon);
    const good = text();
    put("{");
    await vi.waitFor(() => expect(last?.problem?.code).toBe("beads-failed"), soon);
    expect(last?.beads.size).toBe(1);
    put(good);
    await vi.waitFor(() => expect(last?.problem).toBeUndefined(), soon);
    watch.dispose();
  });

  it("says nothing when nothing has changed", async () => {
    put(JSON.stringify({ seq: 1, beads: [bead("gc-1")] }));
    await store.get("gc-1");
    const seen: BeadSnapshot[] = [];
    const watch = store.watch((snapshot) => seen.push(snapshot));
    // The same beads in another layout of the file.
    put(text().replace('"seq":1', '"seq": 1'));
    await store.create({ title: "x" });
    expect(seen.map(({ beads }) => beads.size)).toEqual([1, 2]);
    watch.dispose();
  });
});
