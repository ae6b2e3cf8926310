import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { jsonSchemas } from "./json-schema.mts";

test("the published JSON Schemas are those of the code: npm run schema writes them", async () => {
  for (const [path, text] of await jsonSchemas()) expect(await readFile(path, "utf8")).toBe(text);
});
