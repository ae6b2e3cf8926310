import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FileBeadStore } from "../beads/file/file-bead-store.ts";
import { silentLog } from "../lib/log.ts";
import { Ledger } from "./ledger.ts";

let folder: string;
let store: FileBeadStore;
let ledger: Ledger;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gascity-ledger-"));
  store = new FileBeadStore(join(folder, "beads.json"), silentLog);
  ledger = new Ledger(store);
});
afterEach(() => {
  ledger.dispose();
  store.dispose();
  rmSync(folder, { recursive: true });
});

describe("work that waits for other work", () => {
  it("is blocked until that is done", async () => {
    const first = await store.create({ title: "first" });
    const routed = { "gc.routed_to": "coder" };
    const given = await store.create({ title: "given", assignee: "mayor" });
    const open = await store.create({ title: "open", metadata: routed });
    for (const { id } of [given, open])
      await store.addDependency({ issueId: id, dependsOnId: first.id, type: "blocks" });
    await vi.waitFor(() => {
      expect(ledger.work).toMatchObject([{ id: given.id, blocked: true }]);
      expect(ledger.routedTo("coder")).toBe(0);
    });
    await store.close(first.id);
    await vi.waitFor(() => {
      expect(ledger.work).toMatchObject([{ id: given.id, blocked: false }]);
      expect(ledger.routedTo("coder")).toBe(1);
    });
  });

  it("is not while it is in progress already", async () => {
    const first = await store.create({ title: "first" });
    const { id } = await store.create({ title: "begun", assignee: "mayor" });
    await store.addDependency({ issueId: id, dependsOnId: first.id, type: "blocks" });
    await store.update(id, { status: "in_progress" });
    await vi.waitFor(() => expect(ledger.work).toMatchObject([{ id, inProgress: true, blocked: false }]));
  });
});

describe("records that were closed", () => {
  it("are known with the time at which they were, also if nobody wrote one", async () => {
    const bead = { title: "coder", type: "session" };
    const old = await store.create({ ...bead, metadata: { session_name: "old", closed_at: "2026-01-01T12:00:00Z" } });
    await store.close(old.id);
    const fresh = await store.create({ ...bead, metadata: { session_name: "fresh" } });
    await vi.waitFor(() => expect(ledger.records).toHaveLength(1));
    const before = Date.now();
    await store.close(fresh.id);
    await vi.waitFor(() => expect(ledger.closed.get("fresh")).toBeGreaterThanOrEqual(before));
    expect([...ledger.closed.keys()].sort()).toEqual(["fresh", "old"]);
  });
});
