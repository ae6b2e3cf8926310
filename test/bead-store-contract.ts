import assert from "node:assert/strict";
import { vi } from "vitest";
import type { Bead } from "../src/beads/bead.ts";
import type { BeadSnapshot, BeadStore } from "../src/beads/bead-store.ts";
import { problemOf } from "../src/lib/problem.ts";

/**
 * What every store does in the same way, after gc's own suite for stores (gascity-spec §8, beadstest): its name, and what has
 * to hold of an empty store of its own.
 */
export const beadStoreContract: Readonly<Record<string, (store: BeadStore) => Promise<void>>> = {
  async "makes open tasks with ids of their own"(store) {
    const before = Date.now();
    const [first, second] = [await store.create({ title: "first" }), await store.create({ title: "second" })];
    assert.ok(first.id !== "" && second.id !== "" && first.id !== second.id);
    assert.deepEqual([first.title, first.status, first.type, first.priority], ["first", "open", "task", undefined]);
    // Some stores know seconds only.
    assert.ok(Math.abs(first.createdAt - before) < 60_000, `${first.createdAt} is not about ${before}`);
  },

  async "keeps all that a new bead says"(store) {
    const said = {
      title: 'größe <b> & \u2028 \\ "x"',
      type: "bug",
      priority: 0,
      assignee: "mayor",
      from: "priya",
      ref: "step-1",
      description: "two\nlines\tand 😀",
      labels: ["role:worker", "b", "a"],
      metadata: { "gc.routed_to": "worker", toString: "y", "10": "ten", empty: "" },
    };
    const { id } = await store.create(said);
    const kept = await store.get(id);
    assert.deepEqual({ ...kept, ...said }, kept);
    assert.deepEqual({ ...kept.metadata }, said.metadata);
  },

  async "says that a bead is not there"(store) {
    const nothing = await codesOf(store);
    await store.create({ title: "exists" });
    const something = await codesOf(store);
    assert.deepEqual([...new Set([...nothing, ...something])], ["bead-missing"]);
  },

  async "closes a bead, again and again"(store) {
    const { id } = await store.create({ title: "done" });
    assert.equal((await store.close(id)).status, "closed");
    assert.equal((await store.close(id)).status, "closed");
    assert.equal((await store.get(id)).status, "closed");
  },

  async "changes what it is told to and nothing else"(store) {
    const { id } = await store.create({ title: "keep", description: "original", priority: 2, labels: ["one"] });
    const before = await store.get(id);
    await store.update(id, {});
    assert.deepEqual(await store.get(id), before);
    await store.update(id, { description: "changed" });
    assert.deepEqual(await store.get(id), { ...before, description: "changed" });
    const change = { title: "t", status: "in_progress", type: "bug", priority: 0, description: "", assignee: "mayor" };
    await store.update(id, change);
    assert.deepEqual(await store.get(id), { ...before, ...change });
  },

  async "adds and removes labels"(store) {
    const { id } = await store.create({ title: "labelled", labels: ["one"] });
    await store.update(id, { addLabels: ["two", "one", "two"] });
    assert.deepEqual((await store.get(id)).labels.toSorted(), ["one", "two"]);
    await store.update(id, { addLabels: ["three"], removeLabels: ["one", "none"] });
    assert.deepEqual((await store.get(id)).labels.toSorted(), ["three", "two"]);
    await store.update(id, { removeLabels: ["two", "three"] });
    assert.deepEqual((await store.get(id)).labels, []);
  },

  async "merges metadata, all keys at once"(store) {
    const { id } = await store.create({ title: "noted" });
    assert.deepEqual((await store.get(id)).metadata, {});
    await store.update(id, { metadata: { state: "creating", generation: "1" } });
    await store.update(id, { metadata: { state: "active", slept_at: "" } });
    const { metadata } = await store.get(id);
    assert.deepEqual([metadata["state"], metadata["generation"], metadata["slept_at"] ?? ""], ["active", "1", ""]);
    await store.update(id, { metadata: { state: "" } });
    assert.equal((await store.get(id)).metadata["state"] ?? "", "");
    assert.deepEqual(titles(await store.list({ metadata: { state: "" }, all: true })), ["noted"]);
  },

  async "lists all when asked for all, the oldest first"(store) {
    assert.deepEqual(await store.list({ all: true }), []);
    await createAll(store, ["alpha", "beta", "gamma"]);
    assert.deepEqual(titles(await store.list({ all: true })), ["alpha", "beta", "gamma"]);
    await store.close((await store.list({ all: true }))[1]?.id ?? "");
    assert.deepEqual(titles(await store.list({ all: true })), ["alpha", "gamma"]);
    assert.deepEqual(titles(await store.list({ all: true, includeClosed: true })), ["alpha", "beta", "gamma"]);
  },

  async "refuses a list without a filter"(store) {
    await assert.rejects(store.list({}), /without a filter/u);
    await assert.rejects(store.list({ limit: 5, includeClosed: true, metadata: {} }), /without a filter/u);
  },

  async "lists what passes all filters"(store) {
    const parent = await store.create({ title: "parent", type: "convoy" });
    await store.create({
      title: "match",
      type: "bug",
      labels: ["x", "y"],
      assignee: "mayor",
      parent: parent.id,
      metadata: { key: "value", other: "z" },
    });
    const decoy = await store.create({ title: "decoy", type: "bug", labels: ["x"], metadata: { key: "other" } });
    await store.update(decoy.id, { status: "in_progress" });
    const filters = [
      { status: "open", type: "bug" },
      { label: "y" },
      { label: "x", metadata: { key: "value" } },
      { assignee: "mayor" },
      { parent: parent.id },
      { metadata: { key: "value", other: "z" } },
      { type: "bug", label: "x", assignee: "mayor", limit: 1 },
    ];
    for (const filter of filters) assert.deepEqual(titles(await store.list(filter)), ["match"], JSON.stringify(filter));
    assert.deepEqual(titles(await store.list({ status: "in_progress" })), ["decoy"]);
    for (const none of [{ label: "z" }, { parent: decoy.id }, { type: "bug", status: "closed" }])
      assert.deepEqual(await store.list(none), [], JSON.stringify(none));
    await store.close(decoy.id);
    assert.deepEqual(titles(await store.list({ type: "bug" })), ["match"]);
    assert.deepEqual(titles(await store.list({ status: "closed" })), ["decoy"]);
  },

  async "lists no more than the limit"(store) {
    await createAll(store, ["a", "b", "c"], { labels: ["batch:1"] });
    assert.deepEqual(titles(await store.list({ label: "batch:1", limit: 2 })), ["a", "b"]);
    assert.deepEqual(titles(await store.list({ label: "batch:1", limit: 9 })), ["a", "b", "c"]);
  },

  async "offers open work, the oldest first"(store) {
    assert.deepEqual(await store.ready(), []);
    const [first = ""] = await createAll(store, ["first", "second", "third"]);
    assert.deepEqual(titles(await store.ready()), ["first", "second", "third"]);
    await store.close(first);
    assert.deepEqual(titles(await store.ready()), ["second", "third"]);
  },

  async "offers nothing that is not for agents"(store) {
    for (const type of ["merge-request", "gate", "molecule", "message", "session", "agent", "role", "rig"])
      await store.create({ title: type, type });
    await createAll(store, ["work", "feature"], { type: "feature" });
    assert.deepEqual(titles(await store.ready()), ["work", "feature"]);
  },

  async "offers nothing that waits for another bead"(store) {
    const [first = "", second = "", third = ""] = await createAll(store, ["first", "second", "third"]);
    await store.addDependency({ issueId: second, dependsOnId: first, type: "blocks" });
    await store.addDependency({ issueId: third, dependsOnId: first, type: "tracks" });
    const needing = await store.create({ title: "needing", needs: [third, `waits-for:${second}`] });
    assert.deepEqual(titles(await store.ready()), ["first", "third"]);
    assert.deepEqual(
      byPair(await store.dependencies(needing.id, "down")),
      [`${second} waits-for`, `${third} blocks`].toSorted(),
    );
    await store.close(first);
    await store.close(third);
    assert.deepEqual(titles(await store.ready()), ["second"]);
    await store.close(second);
    assert.deepEqual(titles(await store.ready()), ["needing"]);
  },

  async "keeps one dependency between two beads"(store) {
    const [first = "", second = "", third = ""] = await createAll(store, ["first", "second", "third"]);
    assert.deepEqual(await store.dependencies(first, "down"), []);
    await store.addDependency({ issueId: first, dependsOnId: second, type: "blocks" });
    await store.addDependency({ issueId: first, dependsOnId: second, type: "blocks" });
    await store.addDependency({ issueId: first, dependsOnId: second, type: "tracks" });
    await store.addDependency({ issueId: third, dependsOnId: second, type: "blocks" });
    assert.deepEqual(await store.dependencies(first, "down"), [
      { issueId: first, dependsOnId: second, type: "tracks" },
    ]);
    assert.deepEqual(
      (await store.dependencies(second, "up")).map(({ issueId }) => issueId).toSorted(),
      [first, third].toSorted(),
    );
    await store.removeDependency({ issueId: first, dependsOnId: second });
    await store.removeDependency({ issueId: first, dependsOnId: second });
    assert.deepEqual(await store.dependencies(first, "down"), []);
    assert.equal((await store.dependencies(second, "up")).length, 1);
  },

  async "forgets a deleted bead, and who waited for it"(store) {
    const [first = "", second = ""] = await createAll(store, ["first", "second"]);
    await store.addDependency({ issueId: second, dependsOnId: first, type: "blocks" });
    await store.delete(first);
    assert.deepEqual(titles(await store.list({ all: true, includeClosed: true })), ["second"]);
    assert.deepEqual(titles(await store.ready()), ["second"]);
    assert.deepEqual(await store.dependencies(second, "down"), []);
  },

  async "does several changes in their order"(store) {
    const [first = "", second = "", third = ""] = await createAll(store, ["first", "second", "third"]);
    const [created, updated, closed, gone, linked] = await store.apply([
      { kind: "create", bead: { title: "fourth" } },
      { kind: "update", id: first, change: { title: "changed", metadata: { a: "1" } } },
      { kind: "close", id: second, metadata: { close_reason: "done" } },
      { kind: "delete", id: third },
      { kind: "add-dependency", dependency: { issueId: first, dependsOnId: second, type: "blocks" } },
    ]);
    assert.deepEqual(
      [created?.title, updated?.title, closed?.status, closed?.metadata["close_reason"], gone, linked],
      ["fourth", "changed", "closed", "done", undefined, undefined],
    );
    assert.deepEqual(titles(await store.list({ all: true })), ["changed", "fourth"]);
    await assert.rejects(store.apply([{ kind: "close", id: "none-1" }]), /no bead none-1/u);
  },

  async "hands out the same object until the bead changes"(store) {
    const [first = "", second = ""] = await createAll(store, ["first", "second"]);
    const before = await store.get(first);
    await store.update(second, { title: "changed" });
    await store.create({ title: "third" });
    assert.equal(await store.get(first), before);
    assert.equal((await store.list({ all: true }))[0], before);
    assert.notEqual(await store.update(first, { title: "new" }), before);
    assert.equal(before.title, "first");
  },

  async "pushes what it holds, and every change of it"(store) {
    const pushed: BeadSnapshot[] = [];
    const watch = store.watch((snapshot) => pushed.push(snapshot));
    await vi.waitFor(() => assert.equal(pushed.at(-1)?.synced, true), { timeout: 10_000 });
    const first = await store.create({ title: "first" });
    const second = await store.create({ title: "second" });
    await store.addDependency({ issueId: second.id, dependsOnId: first.id, type: "blocks" });
    await vi.waitFor(
      () => {
        const last = pushed.at(-1);
        assert.deepEqual([...(last?.beads.values() ?? [])], [first, second]);
        assert.equal(last?.dependencies.length, 1);
        assert.equal(last.beads.get(first.id), first);
      },
      { timeout: 10_000 },
    );
    watch.dispose();
    const count = pushed.length;
    await store.close(first.id);
    assert.equal(pushed.length, count);
  },
};

function titles(beads: readonly Bead[]): readonly string[] {
  return beads.map(({ title }) => title);
}

async function createAll(store: BeadStore, names: readonly string[], more: object = {}): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const title of names) ids.push((await store.create({ ...more, title })).id);
  return ids;
}

function byPair(dependencies: readonly { readonly dependsOnId: string; readonly type: string }[]): readonly string[] {
  return dependencies.map(({ dependsOnId, type }) => `${dependsOnId} ${type}`).toSorted();
}

/** What each operation on a bead says of one that is not there. */
async function codesOf(store: BeadStore): Promise<readonly string[]> {
  const calls = [
    () => store.get("none-999"),
    () => store.update("none-999", { description: "whatever" }),
    () => store.close("none-999"),
    () => store.delete("none-999"),
  ];
  const codes: string[] = [];
  for (const call of calls) {
    codes.push(
      await call().then(
        () => "done",
        (error: unknown) => problemOf(error).code,
      ),
    );
  }
  return codes;
}
