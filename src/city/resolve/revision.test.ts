import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { textReader } from "../../../test/text-reader.ts";
import { memoryFiles } from "../files/memory-files.ts";
import { revision } from "./revision.ts";

const fixture = join(import.meta.dirname, "../../../test/fixtures/started-city");
const started = JSON.parse(readFileSync(join(fixture, "started.json"), "utf8")) as { root: string; revision: string };
const { root } = started;
const folder = join(fixture, "city");
const texts: Record<string, string> = Object.fromEntries(
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => [`${root}/${relative(folder, path)}`, readFileSync(path, "utf8")]),
);
const sources = { root, files: [`${root}/city.toml`, `${root}/pack.toml`], includes: [], packFolders: [] };
const include = { rig: "", reference: "packs/kit", folder: `${root}/packs/kit` };

function of(changes: Record<string, string> = {}, more: Partial<Parameters<typeof revision>[0]> = {}): string {
  return revision({ ...sources, ...more }, textReader(memoryFiles({ ...texts, ...changes })));
}

describe("revision", () => {
  it("is gc's", () => {
    expect(of()).toBe(started.revision);
  });

  it.each([
    ["a source", "city.toml", {}],
    ["a discovered agent", "agents/found/agent.toml", {}],
    ["a new agent", "agents/new/prompt.md", {}],
    ["an included pack", "packs/kit/pack.toml", { includes: [include] }],
    ["a pack that a rig includes", "packs/kit/tool.template.md", { includes: [{ ...include, rig: "api" }] }],
    ["an imported pack", "packs/kit/prompts/shared/kit.md.tmpl", { packFolders: [include.folder] }],
  ])("changes with %s", (_, path, more) => {
    expect(of({ [`${root}/${path}`]: "changed" }, more)).not.toBe(of({}, more));
  });

  it("does not change with what is no part of the configuration", () => {
    expect(of({ [`${root}/.gc/events.jsonl`]: "{}", [`${root}/rigs/api/main.go`]: "package main" })).toBe(of());
  });

  it("counts an included pack that is gone", () => {
    const gone = { includes: [{ ...include, folder: "/nowhere" }] };
    expect(of({}, gone)).not.toBe(of({}, { includes: [include] }));
    expect(of({}, gone)).not.toBe(of());
  });
});
