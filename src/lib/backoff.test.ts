import { expect, it } from "vitest";
import { backoffDelay } from "./backoff.ts";

const options = { initial: 800, maximum: 30_000, factor: 2, jitter: 0.5 };

it("grows to its maximum and is scattered above it by the jitter only", () => {
  expect([1, 2, 3, 50].map((failures) => backoffDelay(failures, options, () => 0))).toEqual([800, 1600, 3200, 30_000]);
  expect(backoffDelay(50, options, () => 1)).toBe(45_000);
});
