import { describe, expect, it } from "vitest";
import type { Choice } from "../dialogs.ts";
import type { CommandContext } from "./command.ts";
import { createCity } from "./create-city.ts";

/** Runs the command for a person who chooses these labels, one after the other, and then dismisses. */
async function create(labels: readonly string[]) {
  const left = [...labels];
  const written = new Map<string, string>();
  const dialogs = {
    async choose<T>(_title: string, choices: readonly Choice<T>[]) {
      const label = left.shift();
      return choices.find((choice) => choice.label === label)?.value;
    },
    ask: async () => left.shift(),
  };
  await createCity.run({
    dialogs,
    situation: () => ({ kind: "noCity" }),
    chooseCityFolder: async () => "/home/me/demo",
    hasProgram: () => false,
    async writeNewCity(folder: string, files: ReadonlyMap<string, string>) {
      for (const [path, text] of files) written.set(`${folder}/${path}`, text);
    },
  } as unknown as CommandContext);
  return written;
}

describe("Create city.toml", () => {
  it("writes a city that is called as its folder", async () => {
    const written = await create(["crew", "codex", "tmux"]);
    expect([...written.keys()]).toEqual([
      "/home/me/demo/city.toml",
      "/home/me/demo/prompts/mayor.md",
      "/home/me/demo/prompts/worker.md",
      "/home/me/demo/.gitignore",
    ]);
    expect(written.get("/home/me/demo/city.toml")).toContain('name = "demo"');
  });

  it.each([[["crew", "codex"]], [["rig", "codex", "k8s", "a:1", "gc"]]])(
    "writes nothing after only %j",
    async (labels) => {
      expect(await create(labels)).toEqual(new Map());
    },
  );
});
