import { expect, it } from "vitest";
import type { CityFiles } from "./city-files.ts";
import { memoryFiles } from "./memory-files.ts";
import { RememberedFiles } from "./remembered-files.ts";

it("looks at each file and folder once, until it forgets", () => {
  let files = memoryFiles({ "/city/city.toml": "a" });
  let looks = 0;
  const counted: CityFiles = {
    readText: (path) => (looks++, files.readText(path)),
    listFolder: (path) => (looks++, files.listFolder(path)),
  };
  const remembered = new RememberedFiles(counted);
  const look = (): unknown[] => [
    remembered.readText("/city/city.toml"),
    remembered.readText("/city/pack.toml"),
    remembered.listFolder("/city")?.length,
  ];
  expect(look()).toEqual(["a", undefined, 1]);
  files = memoryFiles({ "/city/city.toml": "b", "/city/pack.toml": "c" });
  expect(look()).toEqual(["a", undefined, 1]);
  expect(looks).toBe(3);
  remembered.forget();
  expect(look()).toEqual(["b", "c", 2]);
});
