import { expect, it } from "vitest";
import { parseQuantity } from "./quantity.ts";

it.each([
  ["2", 2],
  ["500m", 0.5],
  ["0.5", 0.5],
  [".5", 0.5],
  ["1.", 1],
  ["+1", 1],
  ["1Gi", 1024 ** 3],
  ["1G", 1e9],
  ["5E", 5e18],
  ["5e3", 5000],
  ["1E-1", 0.1],
  ["100n", 1e-7],
  ["", undefined],
  ["lots", undefined],
  ["1.2.3", undefined],
  ["1gb", undefined],
  ["1constructor", undefined],
  ["1e9999", undefined],
])("%j is %j", (text, value) => {
  expect(parseQuantity(text)).toEqual(value === undefined ? undefined : expect.closeTo(value, 12));
});
