import { expect, it } from "vitest";
import { parseDuration } from "./duration.ts";

it.each([
  ["0", 0],
  ["30s", 30_000],
  ["1h30m", 5_400_000],
  ["1.5s", 1500],
  ["-2ms", -2],
  ["500us", 0.5],
  ["", undefined],
  ["5", undefined],
  ["5 s", undefined],
  ["soon", undefined],
])("%j is %j ms", (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});
