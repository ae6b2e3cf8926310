import { expect, it } from "vitest";
import { memoryFiles } from "./memory-files.ts";

const files = memoryFiles({ "/city/city.toml": "x = 1", "/city/packs/p/../q/pack.toml": "", "/city/empty/": "" });

it("is files by their paths", () => {
  expect(files.readText("/city/city.toml")).toBe("x = 1");
  expect(files.readText("/city/packs/q/pack.toml")).toBe("");
  expect(files.readText("/city/empty")).toBeUndefined();
  expect(files.readText("/city/__proto__")).toBeUndefined();
});

it("has the folders that its files are in", () => {
  expect(files.listFolder("/")).toEqual([{ name: "city", kind: "folder" }]);
  expect(files.listFolder("/city")).toEqual([
    { name: "city.toml", kind: "file" },
    { name: "packs", kind: "folder" },
    { name: "empty", kind: "folder" },
  ]);
  expect(files.listFolder("/city/empty")).toEqual([]);
  expect(files.listFolder("/city/city.toml")).toBeUndefined();
});
