import { expect, it } from "vitest";
import { memoryFiles } from "./memory-files.ts";
import { overlaidFiles } from "./overlaid-files.ts";

const saved = memoryFiles({ "/city/city.toml": "saved", "/city/agents/a/agent.toml": "a" });

it("shows what is not saved yet, and what is saved below it", () => {
  const files = overlaidFiles(saved, new Map([["/city/city.toml", ""]]));
  expect(files.readText("/city/city.toml")).toBe("");
  expect(files.readText("/city/agents/a/agent.toml")).toBe("a");
  expect(files.readText("/city/missing")).toBeUndefined();
  expect(files.listFolder("/city")).toEqual(saved.listFolder("/city"));
});

it("has the folders of files that were never saved", () => {
  const files = overlaidFiles(saved, new Map([["/city/agents/b/agent.toml", "b"]]));
  expect(files.listFolder("/city/agents")).toEqual([
    { name: "a", kind: "folder" },
    { name: "b", kind: "folder" },
  ]);
  expect(files.listFolder("/city/agents/b")).toEqual([{ name: "agent.toml", kind: "file" }]);
  expect(files.listFolder("/city/missing")).toBeUndefined();
});
