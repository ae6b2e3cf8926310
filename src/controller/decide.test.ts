import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { City } from "../city/city.ts";
import { cityOfText } from "../../test/city-of-text.ts";
import type { SessionSnapshot, SessionState, SessionStatus } from "../sessions/session-provider.ts";
import { type World, decide } from "./decide.ts";
import { type Intent, cityStarted, cityStopped, noIntent, sessionStarted, sessionStopped } from "./intent.ts";
import { type Restart, afterFailure } from "./restarts.ts";

function cityOf(text: string): City {
  const { city, diagnostics } = cityOfText(text);
  if (!city) throw new Error(JSON.stringify(diagnostics));
  return city;
}

const pool = '[[agent]]\nname = "coder"\nstart_command = "sh"\nmin_active_sessions = 1\nmax_active_sessions = 1\n';
const city = cityOf(`${pool}[[agent]]\nname = "idle"\nstart_command = "sh"\n`);
const started = cityStarted(noIntent);

function status(name: string, state: SessionState, id = "1"): SessionStatus {
  return { name, id, state, reason: "", action: "", createdAt: 0, looked: true };
}

function seen(...sessions: SessionStatus[]): SessionSnapshot {
  return { synced: true, problem: undefined, sessions: new Map(sessions.map((session) => [session.name, session])) };
}

/** What would be done in a world that differs from a started city with nothing running by `change`. */
function actions(change: Partial<World>): string[] {
  const world = { city, intent: started, observed: seen(), restarts: new Map(), busy: new Set<string>(), now: 1000 };
  return decide({ ...world, ...change }).actions.map(({ kind, session }) => `${kind} ${session}`);
}

describe("decide", () => {
  it("starts what city.toml wants, and only that", () => {
    expect(actions({})).toEqual(["start coder"]);
  });

  it("adopts what runs already", () => {
    expect(actions({ observed: seen(status("coder", "running"), status("idle", "running")) })).toEqual([]);
  });

  it("starts nothing that cannot be started, not even by hand, and leaves alone what runs of it", () => {
    const broken = cityOf('[[agent]]\nname = "a"\nprovider = "none"\n');
    const intent = sessionStarted(started, "a");
    expect(actions({ city: broken, intent })).toEqual([]);
    expect(actions({ city: broken, intent, observed: seen(status("a", "running")) })).toEqual([]);
  });

  it.each(["starting", "stopping"] as const)("leaves alone what is %s", (state) => {
    expect(actions({ observed: seen(status("coder", state)) })).toEqual([]);
  });

  it.each(["exited", "failed"] as const)("starts anew what has %s", (state) => {
    expect(actions({ observed: seen(status("coder", state)) })).toEqual(["start coder"]);
  });

  it("does nothing while it does not see the sessions", () => {
    expect(actions({ observed: { ...seen(), synced: false } })).toEqual([]);
    const problem = { code: "cluster-unreachable", reason: "gone", action: "wait" } as const;
    expect(actions({ observed: { ...seen(), problem } })).toEqual([]);
  });

  it("does nothing to a session with an action under way", () => {
    expect(actions({ busy: new Set(["coder"]) })).toEqual([]);
  });

  it("does nothing in a city that nobody started", () => {
    expect(actions({ intent: noIntent })).toEqual([]);
    expect(actions({ intent: noIntent, observed: seen(status("coder", "running")) })).toEqual([]);
  });

  it("starts by hand what city.toml does not ask for, even in a stopped city", () => {
    expect(actions({ intent: sessionStarted(noIntent, "idle") })).toEqual(["start idle"]);
  });

  it("stops what is held, and does not start it", () => {
    const intent = sessionStopped(started, "coder");
    expect(actions({ intent, observed: seen(status("coder", "running")) })).toEqual(["stop coder"]);
    expect(actions({ intent })).toEqual([]);
    expect(actions({ intent: cityStarted(intent) })).toEqual(["start coder"]);
  });

  it("stops everything in a suspended city", () => {
    const suspended = { ...city, suspended: true };
    expect(actions({ city: suspended, observed: seen(status("coder", "running")) })).toEqual(["stop coder"]);
    expect(actions({ city: suspended })).toEqual([]);
  });

  it("leaves strangers alone", () => {
    expect(actions({ observed: seen(status("coder", "running"), status("stranger", "running")) })).toEqual([]);
  });

  it("waits for the end of a backoff and says when to look again", () => {
    const restarts = new Map([["coder", { failures: 1, retryAt: 1500, problem: undefined }]]);
    const world = { city, intent: started, observed: seen(), restarts, busy: new Set<string>(), now: 1000 };
    expect(decide(world)).toEqual({ actions: [], wakeAt: 1500 });
    expect(actions({ restarts, now: 1500 })).toEqual(["start coder"]);
  });
});

describe("afterFailure", () => {
  const steady = (): number => 0;

  it("doubles the wait with each failure up to five minutes", () => {
    let restart: Restart | undefined;
    const waits = Array.from({ length: 12 }, () => {
      restart = afterFailure(restart, 0, 1000, undefined, steady);
      return restart.retryAt;
    });
    expect(waits.slice(0, 4)).toEqual([500, 1000, 2000, 4000]);
    expect(waits.at(-1)).toBe(300_000);
  });

  it("counts from one again after a healthy life", () => {
    const before = { failures: 7, retryAt: 0, problem: undefined };
    expect(afterFailure(before, 100, 300_000, undefined, steady)).toMatchObject({ failures: 1, retryAt: 600 });
  });
});

describe("any history", () => {
  const big = cityOf(
    `${pool}[[agent]]\nname = "dog"\nstart_command = "sh"\nmin_active_sessions = 2\nmax_active_sessions = 3\n[[agent]]\nname = "idle"\nstart_command = "sh"\n`,
  );
  const names = big.sessions.map(({ name }) => name);
  const anyName = fc.constantFrom(...names);
  const step = fc.oneof(
    fc.constant({ kind: "startCity" } as const),
    fc.constant({ kind: "stopCity" } as const),
    fc.record({ kind: fc.constantFrom("startAgent", "stopAgent", "die", "finish", "fail"), name: anyName }),
    fc.record({ kind: fc.constant("pass" as const), time: fc.nat(10_000) }),
  );

  it("never doubles a session, keeps still while it is blind, and converges once the world stops changing", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const world = simulate(big);
        for (const event of steps) world.apply(event);
        world.settle();
        const running = names.filter((name) => world.running.has(name));
        const desired = names.filter(
          (name) =>
            !world.intent.held.has(name) &&
            (world.intent.manual.has(name) ||
              (world.intent.running && big.sessions.some((session) => session.name === name && session.wanted))),
        );
        for (const name of desired) expect(running).toContain(name);
        for (const name of world.intent.held) expect(running).not.toContain(name);
      }),
      { numRuns: 500 },
    );
  });
});

type Step =
  | { readonly kind: "startCity" | "stopCity" }
  | { readonly kind: "startAgent" | "stopAgent" | "die" | "finish" | "fail"; readonly name: string }
  | { readonly kind: "pass"; readonly time: number };

/** A world in which starts and stops take as long as the history says; a session started twice throws. */
function simulate(city: City) {
  let intent: Intent = noIntent;
  let now = 0;
  const running = new Set<string>();
  const busy = new Map<string, "start" | "stop">();
  const restarts = new Map<string, Restart>();

  const failed = (name: string): void => {
    restarts.set(
      name,
      afterFailure(restarts.get(name), now, undefined, undefined, () => 0),
    );
  };
  const finish = (name: string): void => {
    const work = busy.get(name);
    if (work === "start") running.add(name);
    if (work === "stop") running.delete(name);
    busy.delete(name);
  };
  const act = (): number | undefined => {
    const observed = seen(...[...running].map((name) => status(name, "running")));
    const world = { city, intent, observed, restarts, busy: new Set(busy.keys()), now };
    expect(decide({ ...world, observed: { ...observed, synced: false } }).actions).toEqual([]);
    const { actions, wakeAt } = decide(world);
    for (const { kind, session } of actions) {
      if (busy.has(session)) throw new Error(`${kind} of busy ${session}`);
      if (kind === "start" && running.has(session)) throw new Error(`second start of ${session}`);
      busy.set(session, kind);
    }
    return wakeAt;
  };

  return {
    running,
    get intent() {
      return intent;
    },
    apply(step: Step): void {
      switch (step.kind) {
        case "startCity":
          intent = cityStarted(intent);
          break;
        case "stopCity":
          intent = cityStopped();
          running.clear();
          break;
        case "pass":
          now += step.time;
          break;
        case "startAgent":
          intent = sessionStarted(intent, step.name);
          break;
        case "stopAgent":
          intent = sessionStopped(intent, step.name);
          break;
        case "finish":
          finish(step.name);
          break;
        case "fail":
          if (busy.get(step.name) === "start" && busy.delete(step.name)) failed(step.name);
          break;
        case "die":
          if (running.delete(step.name)) failed(step.name);
          break;
      }
      act();
    },
    settle(): void {
      for (let round = 0; round < 100; round++) {
        const wakeAt = act();
        if (busy.size === 0 && wakeAt === undefined) return;
        for (const name of busy.keys()) finish(name);
        now = wakeAt ?? now;
      }
      throw new Error("does not converge");
    },
  };
}
