import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agentPlan, cityPlan, configOf, namedAgent } from "../../../test/reconciled-world.ts";
import { type Incident, SimulatedCity } from "../../../test/simulated-city.ts";
import { fuzzRuns } from "../../../test/fuzz-runs.ts";
import { decide } from "./decide.ts";
import { desiredSessions } from "./desired-sessions.ts";
import { Occupancy } from "./occupancy.ts";
import type { SessionRecord } from "./session-record.ts";

const db = agentPlan("db", { min: 1, max: 1 });
const coder = agentPlan("coder", { min: 2, max: 3, dependsOn: ["db"], rig: "r" });
const plans = [
  cityPlan([namedAgent("mayor"), db, coder], { maxWakes: 2 }),
  cityPlan([namedAgent("mayor", false), db, { ...coder, min: 0 }], { maxSessions: 3 }),
  cityPlan([namedAgent("mayor"), { ...coder, min: 3, dependsOn: [] }], { maxOfRig: new Map([["r", 2]]) }),
  cityPlan([namedAgent("mayor"), db, { ...coder, suspended: "suspended in city.toml" }]),
  cityPlan([namedAgent("mayor"), db, coder], { suspended: true }),
  cityPlan([namedAgent("mayor"), db, coder], { started: false }),
  cityPlan([namedAgent("mayor"), { ...db, configOf: () => configOf("another") }, coder]),
];

const pick = fc.nat(20);
const incident: fc.Arbitrary<Incident> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("finish" as const, "fail" as const), pick }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("pass" as const), time: fc.oneof(fc.nat(3000), fc.nat(600_000)) }),
  },
  fc.record({ kind: fc.constant("jump" as const), time: fc.constantFrom(-8, -1, 8).map((hours) => hours * 3_600_000) }),
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        "die",
        "zombie",
        "signal",
        "kill",
        "acknowledge",
        "restart",
        "attach",
        "detach",
        "hold",
        "wake",
        "work",
        "crash",
      ),
      pick,
    }),
  },
  fc.constant({ kind: "work-done" } as const),
  fc.record({ kind: fc.constant("store" as const), complete: fc.boolean() }),
  fc.record({ kind: fc.constant("blind" as const), blind: fc.boolean() }),
  fc.record({ kind: fc.constant("plan" as const), pick }),
);

describe("any history", () => {
  it("doubles no session, keeps caps and order, ends every drain, and converges to what is desired", () => {
    fc.assert(
      fc.property(fc.array(incident, { maxLength: 80, size: "max" }), (incidents) => {
        const city = new SimulatedCity(plans);
        for (const event of incidents) city.suffer(event);
        city.settle();
        const world = city.world();
        const decision = decide(world);
        expect(decision.actions).toEqual([]);
        expect(decision.changes).toEqual([]);
        const { wanted, missing } = desiredSessions(world);
        expect(missing).toEqual([]);
        const runs = ({ session }: SessionRecord): boolean => world.observed.sessions.get(session)?.state === "running";
        const occupancy = new Occupancy(world);
        for (const record of world.records) {
          const running = runs(record);
          const agent = world.city.agents.find(({ name }) => name === record.template);
          const needs = agent?.dependsOn ?? [];
          const met = needs.every((name) => world.records.some((other) => other.template === name && runs(other)));
          // In a city that was not started all that was asked for is wanted, also what has no place yet.
          const hasPlace = !agent || occupancy.obstacle(record.session, agent) === undefined;
          const free = record.heldUntil === undefined && record.state !== "suspended" && met && hasPlace;
          // Whoever is attached keeps a session that nobody needs, and thereby its place.
          const looked = [...world.facts.values()].some(({ attached }) => attached);
          if (wanted.has(record.id) && free && !looked) expect(running, JSON.stringify(record)).toBe(true);
          // What has work of its own is not ended for another's sake.
          const known = new Set([record.id, record.session, record.alias]);
          const hasWork = world.work.assigned.some(({ assignee }) => known.has(assignee));
          if (!wanted.has(record.id) && !looked && !hasWork) expect(running, JSON.stringify(record)).toBe(false);
        }
        const names = world.records.map(({ session }) => session);
        expect(new Set(names).size).toBe(names.length);
        for (const name of world.observed.sessions.keys()) expect(names).toContain(name);
      }),
      { numRuns: fuzzRuns(0.1) },
    );
  });
});
