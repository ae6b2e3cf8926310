import { expect, it } from "vitest";
import type { SessionSnapshot, SessionState } from "../sessions/session-provider.ts";
import { DeathWatch } from "./death-watch.ts";

/** A look that sees one session, or none. */
function seen(state?: SessionState, id = "1", signalled = false): SessionSnapshot {
  const rest = { reason: "", action: "", createdAt: 0, looked: true, signalled };
  const status = { name: "a", id, state: state ?? "running", ...rest };
  return { synced: true, sessions: new Map(state ? [["a", status]] : []), problem: undefined };
}
const never = (): boolean => false;

it.each([seen(), seen("exited"), seen("starting", "2")])("times a session that ran until its replacement", (after) => {
  const deaths = new DeathWatch();
  deaths.look(seen("running"), after, never);
  expect(deaths.replaced("a")).toBeGreaterThanOrEqual(0);
  expect(deaths.replaced("a")).toBeUndefined();
});

it("knows nothing of a first start, an end on purpose, or a session that nobody sees", () => {
  const deaths = new DeathWatch();
  deaths.look(seen(), seen("starting"), never);
  deaths.look(seen("running"), seen(), () => true);
  const problem = { code: "cluster-unreachable", reason: "", action: "" } as const;
  deaths.look(seen("running"), { ...seen(), problem }, never);
  expect(deaths.replaced("a")).toBeUndefined();
});

it("remembers a signal after its session has gone, until another one runs", () => {
  const deaths = new DeathWatch();
  const [running, killed] = [seen("running"), seen("exited", "1", true)];
  deaths.look(running, killed, never);
  deaths.look(killed, seen(), never);
  expect([...deaths.signalled.keys()]).toEqual(["a"]);
  deaths.look(seen(), seen("running", "2"), never);
  expect(deaths.signalled.size).toBe(0);
});

it("forgets a signal when it turns out that there was none", () => {
  const deaths = new DeathWatch();
  const unknown = seen("exited", "1", true);
  deaths.look(seen("running"), unknown, never);
  deaths.look(unknown, seen("exited"), never);
  expect(deaths.signalled.size).toBe(0);
});
