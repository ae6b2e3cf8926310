import { expect, it } from "vitest";
import { cityOfText } from "../../test/city-of-text.ts";
import { noon, recordOf, snapshot, status } from "../../test/reconciled-world.ts";
import type { City } from "../city/city.ts";
import { notRunning } from "../controller/reconcile/record-changes.ts";
import { type AgentSources, agentStates } from "./agent-states.ts";
import type { AgentState } from "./city-state.ts";

const { city } = cityOfText(`[workspace]
name = "demo"

[[agent]]
name = "coder"
start_command = "true"
max_active_sessions = 3
`);
const coder = { template: "coder", alias: "coder-1", slot: 1, origin: "ephemeral", session: "coder-gc-2" } as const;
const later = new Date(noon + 60_000).toISOString();

/** The row of the coder in slot 1, whose record says this. */
function rowOf(
  metadata: Readonly<Record<string, string>>,
  sources: Partial<AgentSources> = {},
): AgentState | undefined {
  const rows = agentStates(
    {
      city: city as City,
      records: [recordOf("gc-2", coder, metadata)],
      observed: snapshot(),
      wanted: new Map(),
      drains: new Map(),
      workOn: () => undefined,
      checkProblems: new Map(),
      ...sources,
    },
    [],
  );
  return rows.find(({ session }) => session === coder.session);
}

it("calls a pool's session by its slot, and says why it runs", () => {
  const row = rowOf(
    { state: "active" },
    { observed: snapshot(status(coder.session)), wanted: new Map([["gc-2", "work"]]) },
  );
  expect(row).toMatchObject({ agent: "coder-1", phase: "running", reason: "", cause: "there is work for it" });
});

it("says why a session is left alone whose record it does not understand", () => {
  const observed = snapshot(status(coder.session));
  expect(rowOf({ state: "hibernating" })).toMatchObject({
    phase: "stopped",
    reason: expect.stringContaining('"hibernating"') as string,
    action: expect.stringContaining("gc session close gc-2") as string,
  });
  expect(rowOf({ state: "hibernating" }, { observed })).toMatchObject({ phase: "running" });
});

it("says which limit leaves one that is asked for without a place", () => {
  const others = ["gc-3", "gc-4", "gc-5"].map((id) => recordOf(id, { ...coder, session: `coder-${id}` }));
  const asked = recordOf("gc-2", coder);
  const running = others.map(({ session }) => status(session));
  const full = { records: [asked, ...others], observed: snapshot(...running) };
  expect(rowOf({}, full)).toMatchObject({
    phase: "waiting",
    reason: "max_active_sessions of the agent coder is reached (3)",
    action: "Stop another agent, or raise the limit",
  });
  expect(rowOf({}, { ...full, observed: snapshot(...running.slice(1)) })).toMatchObject({ phase: "stopped" });
});

it("says once that scale_check does not count", () => {
  const checkProblems = new Map([["coder", "no database"]]);
  const observed = snapshot(status(coder.session));
  expect(rowOf({ state: "active" }, { observed, checkProblems })).toMatchObject({
    phase: "running",
    reason: "its scale_check does not count: no database",
    action: expect.stringContaining("Correct scale_check") as string,
  });
});

it("says why a session is in quarantine, until when, and what to do", () => {
  const until = { state: "asleep", quarantined_until: later };
  const died = notRunning({ reason: "out of tokens", action: "" });
  expect(rowOf({ ...until, ...died, sleep_reason: "quarantine" })).toMatchObject({
    phase: "quarantined",
    reason: "it died or failed five times in a row: out of tokens",
    action: expect.stringContaining("Wake Now"),
    until: noon + 60_000,
  });
  expect(rowOf({ ...until, sleep_reason: "context-churn" })).toMatchObject({
    reason: "it died three times, soon after each start",
  });
});

it("says why a session is drained, and until when at the latest", () => {
  const drain = { reason: "config-drift", since: noon, deadline: noon + 60_000 } as const;
  expect(
    rowOf({ state: "active" }, { observed: snapshot(status(coder.session)), drains: new Map([["gc-2", drain]]) }),
  ).toMatchObject({ phase: "draining", reason: "its configuration has changed", until: noon + 60_000 });
});

it("says how a session ended that waits for its next start", () => {
  const crashed = {
    state: "asleep",
    sleep_reason: "crash",
    wake_attempts: "2",
    slept_at: new Date(noon).toISOString(),
    ...notRunning({ reason: "out of tokens", action: "" }),
  };
  const wanted = new Map([["gc-2", "minimum"]] as const);
  expect(rowOf(crashed, { wanted })).toMatchObject({
    phase: "waiting",
    reason: "out of tokens, 2 times in a row",
    until: noon + 1000,
  });
});

it("says of a sleeping session that nobody here decides about why it sleeps", () => {
  expect(rowOf({ state: "asleep", sleep_reason: "crash" })).toMatchObject({ phase: "stopped", reason: "it died" });
  expect(rowOf({ state: "asleep", sleep_reason: "city-stop" })).toMatchObject({ phase: "stopped", reason: "" });
  expect(rowOf({ state: "suspended" })).toMatchObject({ phase: "stopped", reason: "stopped by hand" });
});

it("shows a pool's session that another ledger knows in its agent's place", () => {
  const none = { wanted: new Map(), drains: new Map(), workOn: () => undefined, checkProblems: new Map() };
  const sources = { ...none, city: city as City, records: [] };
  const rows = (...names: string[]): readonly string[] =>
    agentStates({ ...sources, observed: snapshot(...names.map((name) => status(name))) }, []).map(
      ({ agent, template, phase, reason }) => [agent, template, phase, reason].join(" ").trim(),
    );
  const possible = rows();
  expect(rows("coder-gc-7")).toEqual(["coder-gc-7 coder running", ...possible.slice(1)]);
  expect(rows("coder-gc-7", "coder-7")).toContain("coder-7 coder-7 running not in city.toml");
});
