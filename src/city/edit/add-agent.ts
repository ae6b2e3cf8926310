import type { CityTexts } from "./city-files.ts";
import { type EditOutcome, editCity } from "./edit-city.ts";
import { insertNamedSession } from "./named-sessions.ts";
import { checkName, taken } from "./names.ts";
import { checkPoolSize } from "./pool-size.ts";
import { appendElement } from "./toml/append-element.ts";
import { qualify, writtenAgents } from "./written-agents.ts";

/** An `[[agent]]` to add, with gc's own keys (gascity-spec §1.7). */
export interface NewAgent {
  readonly name: string;
  readonly dir?: string;
  readonly description?: string;
  readonly provider?: string;
  readonly start_command?: string;
  readonly prompt_template?: string;
  readonly min_active_sessions?: number;
  readonly max_active_sessions?: number;
}

/** Adds an agent to city.toml, and a named session of the given mode for it, without which it only runs when asked. */
export function addAgent(texts: CityTexts, agent: NewAgent, session?: "always" | "on_demand"): EditOutcome {
  return editCity(texts, (city) => {
    const { name, dir, description, provider, start_command, prompt_template } = agent;
    const { min_active_sessions, max_active_sessions } = agent;
    checkName("An agent", name);
    checkPoolSize(min_active_sessions, max_active_sessions);
    const qualified = qualify(dir ?? "", name);
    const other = writtenAgents(city).find((other) => other.qualified === qualified && other.pack === "");
    if (other) throw taken("The agent", qualified, city.place(other.file, other.path));
    const keys = { name, dir, description, provider, start_command, prompt_template, min_active_sessions };
    const written = Object.entries({ ...keys, max_active_sessions }).filter((entry) => entry[1] !== undefined);
    appendElement(city.draft("city.toml"), ["agent"], Object.fromEntries(written) as Record<string, string | number>);
    if (session) insertNamedSession(city, { agent: qualified, mode: session });
  });
}
