import { describe, expect, it } from "vitest";
import { shortAge, spokenAge } from "./age.ts";

const minute = 60_000;

describe("age", () => {
  it.each([
    [-5, "just now", "less than a minute"],
    [minute - 1, "just now", "less than a minute"],
    [minute, "1m", "1 minute"],
    [59 * minute, "59m", "59 minutes"],
    [60 * minute, "1h", "1 hour"],
    [47 * 60 * minute, "1d", "1 day"],
    [48 * 60 * minute, "2d", "2 days"],
  ])("of %i ms is %s, spoken %s", (age, short, spoken) => {
    expect(shortAge(age)).toBe(short);
    expect(spokenAge(age)).toBe(spoken);
  });
});
