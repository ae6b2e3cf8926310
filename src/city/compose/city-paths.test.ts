import { expect, it } from "vitest";
import { absolutePath, cityPath } from "./city-paths.ts";

it.each([
  ["names.txt", "/city/conf/names.txt", "conf/names.txt"],
  ["../overlays/x", "/city/overlays/x", "overlays/x"],
  ["../../out/x", "/out/x", "../out/x"],
  ["//scripts/setup.sh", "/city/scripts/setup.sh", "scripts/setup.sh"],
  ["/abs/x", "/abs/x", "/abs/x"],
  ["..", "/city", "."],
])("%s in /city/conf", (path, absolute, relative) => {
  expect(absolutePath(path, "/city/conf", "/city")).toBe(absolute);
  expect(cityPath(path, "/city/conf", "/city")).toBe(relative);
});

it("an empty path stays empty", () => {
  expect(cityPath("", "/city/conf", "/city")).toBe("");
});
