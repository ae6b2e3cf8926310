import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { composeOverlay } from "./compose-overlay.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "gascity-layers-"));
});
afterEach(() => rm(root, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

/** The files of the overlay that comes of these folders, by path. */
async function overlaid(
  folders: readonly string[],
  { providerName = "", existing = {} }: { providerName?: string; existing?: Readonly<Record<string, string>> } = {},
): Promise<Readonly<Record<string, string>> | undefined> {
  const [last = "", ...packs] = folders.map((folder) => join(root, folder)).toReversed();
  const none = { workDir: "", command: "", env: {}, processNames: [], nudge: "", preStart: [], copyFiles: [] };
  const config = { ...none, overlayDir: last, packOverlayDirs: packs.toReversed(), providerName };
  await using overlay = await composeOverlay(config, async (path) => existing[path]);
  if (!overlay) return undefined;
  const { folder } = overlay;
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const read = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [path.slice(folder.length + 1), await readFile(path, "utf8")] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

it("lays the folders of packs and the agent's own over one another", async () => {
  await write({ "a/one": "a", "a/deep/two": "a", "b/deep/two": "b", "b/deep/three": "b" });
  expect(await overlaid(["a", "b", "missing"])).toEqual({ one: "a", "deep/two": "b", "deep/three": "b" });
  expect(await overlaid(["missing"])).toBeUndefined();
});

it("takes what is for one agent program for sessions of that program alone", async () => {
  await write({ "a/note": "all", "a/per-provider/claude/note": "claude", "a/per-provider/codex/AGENTS.md": "codex" });
  expect(await overlaid(["a"], { providerName: "claude" })).toEqual({ note: "claude" });
  expect(await overlaid(["a"], { providerName: "codex" })).toEqual({ note: "all", "AGENTS.md": "codex" });
  expect(await overlaid(["a"])).toEqual({ note: "all" });
});

it("adds to settings, of folders below and of the work dir, and to no other file", async () => {
  const path = ".claude/settings.json";
  await write({
    [`a/${path}`]: '{"a":1,"b":1}',
    [`b/${path}`]: '{"b":2}',
    "a/x.json": '{"a":1}',
    "b/x.json": '{"b":2}',
  });
  const existing = { [path]: '{"mine":true,"a":0}', "x.json": "{}" };
  const files = await overlaid(["a", "b"], { existing });
  expect(JSON.parse(files?.[path] ?? "")).toEqual({ mine: true, a: 1, b: 2 });
  expect(files?.["x.json"]).toBe('{"b":2}');
});

it("leaves no folder behind when something cannot be read", async () => {
  await write({ "a/one": "a" });
  const before = new Set(await readdir(tmpdir()));
  await write({ "a/.claude/settings.json": "{}" });
  const none = { workDir: "", command: "", env: {}, processNames: [], nudge: "", preStart: [], copyFiles: [] };
  const broken = composeOverlay({ ...none, overlayDir: join(root, "a") }, () => Promise.reject(new Error("gone")));
  await expect(broken).rejects.toThrow("gone");
  const after = (await readdir(tmpdir())).filter((name) => name.startsWith("gascity-overlay-"));
  expect(after.filter((name) => !before.has(name) && existsSync(join(tmpdir(), name, "one")))).toEqual([]);
});
