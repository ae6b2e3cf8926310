import { describe, expect, it } from "vitest";
import { parsePoolSize, poolSizeText } from "./pool-size-text.ts";

describe("parsePoolSize", () => {
  it.each([
    ["1-3", { min: 1, max: 3 }],
    [" 0 - 0 ", { min: 0, max: 0 }],
    ["2", { min: 2, max: 2 }],
    ["2-", { min: 2, max: -1 }],
    ["3-1", undefined],
    ["2 3", undefined],
    ["-3", undefined],
    ["", undefined],
    ["a", undefined],
  ])("reads %j as %j", (text, size) => {
    expect(parsePoolSize(text)).toEqual(size);
    if (size) expect(parsePoolSize(poolSizeText(size))).toEqual(size);
  });
});
