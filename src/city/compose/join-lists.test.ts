import { expect, it } from "vitest";
import { joinLists, withoutRepeats } from "./join-lists.ts";
import { Provenance } from "./provenance.ts";

const city = { file: "/city/city.toml", path: ["agent", 0, "pre_start"] };
const pack = { file: "/city/p/pack.toml", path: ["patches", "agent", 0, "pre_start_append"] };

it("each element of a list that was joined knows where it was written", () => {
  const provenance = new Provenance();
  const once = joinLists(
    [
      { list: ["a", "b"], origin: city },
      { list: ["a", "c"], origin: pack },
    ],
    provenance,
  );
  const twice = joinLists(
    [
      { list: once, origin: undefined },
      { list: ["d"], origin: undefined },
    ],
    provenance,
  );
  const unique = withoutRepeats(twice, provenance);
  expect(unique).toEqual(["a", "b", "c", "d"]);
  expect(unique.map((_, index) => provenance.ofKey(unique, index))).toEqual([
    { file: city.file, path: [...city.path, 0] },
    { file: city.file, path: [...city.path, 1] },
    { file: pack.file, path: [...pack.path, 1] },
    undefined,
  ]);
});
