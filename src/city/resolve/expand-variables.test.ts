import { expect, it } from "vitest";
import { expandVariables } from "./expand-variables.ts";

const env = { A: "aa", B_1: "bb", é: "x", "A:-x": "never", NONE: undefined };

// What Go's os.Expand makes of them.
it.each([
  ["", ""],
  ["$A-${B_1}", "aa-bb"],
  ["$A.$B_1$A", "aa.bbaa"],
  ["$NOPE.${NONE}", "."],
  ["$A_ $_A", " "],
  ["\\$A", "\\aa"],
  ["a$", "a$"],
  ["$ $(A)", "$ $(A)"],
  ["$$A", "A"],
  ["$* $# $@ $! $? $- $0", "      "],
  ["$1x $12 $9A", "x 2 A"],
  ["${A:-x}", "never"],
  ["${ A}${A B}", ""],
  ["${$}${*}${1}${12}", ""],
  ["${", ""],
  ["${A", "A"],
  ["x${}y", "xy"],
  ["${}${A}}", "aa}"],
  ["$é${é}", "$éx"],
  ["${constructor}$toString", ""],
])("%s becomes %j", (text, expanded) => {
  expect(expandVariables(text, env)).toBe(expanded);
});
