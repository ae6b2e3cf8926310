import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fuzzRuns } from "../../../test/fuzz-runs.ts";
import { silentLog } from "../../lib/log.ts";
import type { BeadSnapshot } from "../bead-store.ts";
import { FileBeadStore } from "./file-bead-store.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gascity-writers-"));
  file = join(folder, "beads.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

it("lose nothing of each other's work, whatever they do", async () => {
  const step = fc.record({
    writer: fc.nat(1),
    kind: fc.constantFrom("create", "note", "close"),
    at: fc.nat(5),
    pause: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      rmSync(file, { force: true });
      const writers = [new FileBeadStore(file, silentLog), new FileBeadStore(file, silentLog)] as const;
      const created: string[] = [];
      const closed = new Set<string>();
      const notes = new Map<string, Record<string, string>>();
      const running: Promise<unknown>[] = [];
      for (const [number, { writer, kind, at, pause }] of steps.entries()) {
        const store = writers[writer === 0 ? 0 : 1];
        const id = created[at % Math.max(1, created.length)];
        if (kind === "create" || id === undefined) {
          running.push(store.create({ title: `${number}` }).then((bead) => created.push(bead.id)));
        } else if (kind === "note") {
          notes.set(id, { ...notes.get(id), [`note-${number}`]: `${writer}` });
          running.push(store.update(id, { metadata: { [`note-${number}`]: `${writer}` } }));
        } else {
          closed.add(id);
          running.push(store.close(id));
        }
        if (pause) await Promise.all(running);
      }
      await Promise.all(running);
      for (const store of writers) {
        const beads = await store.list({ all: true, includeClosed: true });
        expect(beads.map(({ id }) => id)).toEqual(created.map((_, index) => `gc-${index + 1}`));
        for (const bead of beads) {
          expect(bead.metadata).toEqual(notes.get(bead.id) ?? {});
          expect(bead.status).toBe(closed.has(bead.id) ? "closed" : "open");
        }
      }
    }),
    { numRuns: fuzzRuns(0.004) },
  );
});

it("lose nothing in two processes that write as fast as they can, and a watch sees it all", async () => {
  const each = 40;
  const store = new FileBeadStore(file, silentLog);
  const sizes: number[] = [];
  const watch = store.watch(({ beads }: BeadSnapshot) => sizes.push(beads.size));
  const script = `
    import { FileBeadStore } from ${JSON.stringify(join(import.meta.dirname, "file-bead-store.ts"))};
    const silent = () => {};
    const store = new FileBeadStore(${JSON.stringify(file)}, { debug: silent, info: silent, warn: silent, error: silent }, 60_000);
    for (let number = 0; number < ${each}; number++) {
      const { id } = await store.create({ title: process.argv[1] + number });
      await store.update("gc-1", { metadata: { [process.argv[1] + number]: id } });
    }`;
  const first = await store.create({ title: "shared" });
  const children = ["a", "b"].map((name) =>
    spawn(execPath, ["--input-type=module", "--eval", script, name], { stdio: "inherit" }),
  );
  expect(await Promise.all(children.map(async (child) => (await once(child, "exit"))[0] as unknown))).toEqual([0, 0]);
  const beads = await store.list({ all: true });
  expect(beads.map(({ id }) => id)).toEqual(Array.from({ length: 2 * each + 1 }, (_, index) => `gc-${index + 1}`));
  const notes = (await store.get(first.id)).metadata;
  const titles = ["a", "b"].flatMap((name) => Array.from({ length: each }, (_, number) => `${name}${number}`));
  expect(Object.keys(notes).toSorted()).toEqual(titles.toSorted());
  for (const [title, id] of Object.entries(notes)) expect((await store.get(id)).title).toBe(title);
  expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  expect(sizes.at(-1)).toBe(2 * each + 1);
  watch.dispose();
});
