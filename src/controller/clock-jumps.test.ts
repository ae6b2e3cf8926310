import { afterEach, expect, it, vi } from "vitest";
import { ClockJumps } from "./clock-jumps.ts";

afterEach(() => vi.useRealTimers());

it("tells each jump of the wall clock once, and no drift", () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const jumps = new ClockJumps();
  const hours = 8 * 3_600_000;
  const start = Date.now();
  vi.setSystemTime(start + 500);
  expect(jumps.look()).toBe(0);
  vi.setSystemTime(start + hours);
  expect(jumps.look() / hours).toBeCloseTo(1);
  expect(jumps.look()).toBe(0);
  vi.setSystemTime(start);
  expect(jumps.look() / hours).toBeCloseTo(-1);
});
