import type { City, CitySession } from "../city/city.ts";
import { isDesired } from "../controller/decide.ts";
import type { Intent } from "../controller/intent.ts";
import type { Restart } from "../controller/restarts.ts";
import type { SessionSnapshot, SessionStatus } from "../sessions/session-provider.ts";
import type { AgentState } from "./city-state.ts";

/** What the rows of the agents' tree are made of. */
export interface AgentSources {
  readonly city: City;
  readonly intent: Intent;
  readonly observed: SessionSnapshot;
  readonly restarts: ReadonlyMap<string, Restart>;
  readonly workOn: (session: string) => "starting" | "stopping" | undefined;
}

/** The rows: the city's sessions in its order, then those that run without being in city.toml, by name. */
export function agentStates(sources: AgentSources, before: readonly AgentState[]): readonly AgentState[] {
  const { city, observed } = sources;
  const known = new Set(city.sessions.map(({ name }) => name));
  const strangers = [...observed.sessions.values()]
    .filter(({ name }) => !known.has(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const states = [
    ...city.sessions.map((session) => cityRow(sources, session)),
    ...strangers.map((status) => strangerRow(status)),
  ];
  return shareUnchanged(before, states);
}

function cityRow(sources: AgentSources, citySession: CitySession): AgentState {
  const { name: session, agent, reason: cityReason, config, problem } = citySession;
  const { city, intent, observed, restarts, workOn } = sources;
  const status = observed.sessions.get(session);
  const work = workOn(session);
  const row = (phase: AgentState["phase"], reason = "", action = ""): AgentState => ({
    session,
    agent,
    template: config.env["GC_TEMPLATE"] ?? agent,
    phase,
    reason,
    action,
    since: status?.createdAt,
  });

  // What is being done tells more than what is seen, but for a start that cannot go on.
  if (work && status?.state !== "failed") {
    return row(work, status?.state === work ? status.reason : "", status?.state === work ? status.action : "");
  }
  if (status && status.state !== "exited") return row(status.state, status.reason, status.action);
  if (!isDesired({ city, intent }, session)) {
    if (status) return row(status.state, status.reason, status.action);
    if (intent.held.has(session)) return row("stopped", "stopped by hand");
    return row("stopped", city.suspended ? "the city is suspended in city.toml" : cityReason, problem?.action);
  }
  const restart = restarts.get(session);
  if (!restart) return row("waiting", observed.synced ? "" : "the sessions are not known yet");
  const again = `next start at ${new Date(restart.retryAt).toLocaleTimeString()}`;
  if (restart.problem) return row("waiting", `${restart.problem.reason}; ${again}`, restart.problem.action);
  const times = restart.failures === 1 ? "ended" : `ended ${restart.failures} times in a row`;
  return row("waiting", `${status?.reason || times}; ${again}`, status?.action ?? "");
}

function strangerRow({ name, state, reason, action, createdAt }: SessionStatus): AgentState {
  return {
    session: name,
    agent: name,
    template: name,
    phase: state,
    reason: reason || "not in city.toml",
    action: action || "Add it to city.toml, or stop it",
    since: createdAt,
  };
}

/** Rows that say the same keep their identity, and so does the list if all of them do. */
function shareUnchanged(before: readonly AgentState[], after: readonly AgentState[]): readonly AgentState[] {
  const old = new Map(before.map((row) => [row.session, row]));
  const shared = after.map((row) => {
    const twin = old.get(row.session);
    return twin && sameRow(twin, row) ? twin : row;
  });
  const same = shared.length === before.length && shared.every((row, index) => row === before[index]);
  return same ? before : shared;
}

function sameRow(a: AgentState, b: AgentState): boolean {
  return (
    a.agent === b.agent &&
    a.template === b.template &&
    a.phase === b.phase &&
    a.reason === b.reason &&
    a.action === b.action &&
    a.since === b.since
  );
}
