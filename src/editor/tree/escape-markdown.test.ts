import { expect, it } from "vitest";
import { escapeMarkdown } from "./escape-markdown.ts";

it.each([
  ["plain words", "plain words"],
  ["no *image* `x:1`", String.raw`no \*image\* \`x\:1\``],
  ["[a](command:b)\n# c", String.raw`\[a\]\(command\:b\) \# c`],
  ["<b>&lt;", String.raw`\<b\>\&lt;`],
])("shows %j literally", (text, escaped) => {
  expect(escapeMarkdown(text)).toBe(escaped);
});
