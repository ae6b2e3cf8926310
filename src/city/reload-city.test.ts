import { expect, it } from "vitest";
import { memoryFiles } from "./files/memory-files.ts";
import { loadCity } from "./load-city.ts";
import { reloadCity } from "./reload-city.ts";

const source = (name: string) => ({
  root: "/c",
  env: {},
  files: memoryFiles({
    "/c/city.toml": `[workspace]\nname = "${name}"\n\n[[agent]]\nname = "a"\nstart_command = "x"\n`,
  }),
});

it("takes a city with the name it had", () => {
  const { city } = loadCity(source("one"));
  expect(reloadCity(source("one"), city).city?.name).toBe("one");
  expect(reloadCity(source("two"), undefined).city?.name).toBe("two");
});

it("refuses another name, at its place", () => {
  const { city } = loadCity(source("one"));
  expect(reloadCity(source("two"), city)).toMatchObject({
    city: undefined,
    diagnostics: [
      {
        file: "/c/city.toml",
        severity: "error",
        message: expect.stringContaining('from "one" to "two"'),
        range: { start: { line: 1, character: 7 } },
      },
    ],
  });
});
