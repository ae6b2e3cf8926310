import fc from "fast-check";
import { expect, it } from "vitest";
import { type Drain, type DrainReason, drainNote, readDrain } from "./drain.ts";

const reasons: readonly DrainReason[] = ["orphaned", "suspended", "config-drift", "no-wake-reason", "idle"];
const time = fc.integer({ min: 0, max: 8.64e15 });
const drains: fc.Arbitrary<Drain> = fc.record({ reason: fc.constantFrom(...reasons), since: time, deadline: time });
const generations = fc.nat();

it("reads what it wrote, of that incarnation only", () => {
  fc.assert(
    fc.property(drains, generations, generations, (drain, generation, other) => {
      const note = drainNote(generation, drain);
      expect(readDrain(note, generation)).toEqual(drain);
      expect(readDrain(note, other)).toEqual(other === generation ? drain : undefined);
    }),
  );
});

it("keeps a time that is no whole millisecond", () => {
  const drain: Drain = { reason: "idle", since: 1, deadline: 2.6 };
  expect(readDrain(drainNote(1, drain), 1)).toEqual({ ...drain, deadline: 3 });
});

it("takes nothing else for a drain", () => {
  expect(readDrain("", 0)).toBeUndefined();
  fc.assert(fc.property(fc.string(), (text) => readDrain(text, 1) === undefined));
  expect(drainNote(1, undefined)).toBe("");
});
