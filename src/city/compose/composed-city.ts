import { qualifiedName } from "../names/qualified-name.ts";
import type { Origin } from "./origin.ts";
import type { AgentTable } from "../schema/agent.ts";
import type { NamedSessionTable } from "../schema/named-session.ts";
import type { ServiceTable } from "../schema/service.ts";

/** An agent with what its table does not say. */
export interface ComposedAgent {
  readonly table: AgentTable;
  /** The import that it came by; empty for none. */
  readonly binding: string;
  /** The name of the imported pack; empty for none. */
  readonly packName: string;
  /** Absolute path of the pack or of the fragment's folder; empty for the city's own. */
  readonly sourceDir: string;
  /** Made from a provider or for a feature, not written by anyone. */
  readonly implicit: boolean;
}

/** A named session with what its table does not say. */
export interface ComposedNamedSession {
  readonly table: NamedSessionTable;
  readonly binding: string;
  readonly sourceDir: string;
}

export interface ComposedService {
  readonly table: ServiceTable;
  readonly sourceDir: string;
}

/** `[global]` of a pack, with `{{.ConfigDir}}` replaced by the pack's folder. */
export interface PackGlobal {
  readonly pack: string;
  readonly session_live: readonly string[];
  readonly origin: Origin;
}

/** The agent's qualified name: `dir/binding.name` (gascity-spec §1.2). */
export function agentName({ table, binding }: ComposedAgent): string {
  return qualifiedName({ dir: table.dir ?? "", binding, name: table.name });
}

/** What a named session is called: its name, else its template's (gascity-spec §1.7, [[named_session]]). */
export function sessionIdentity({ table, binding }: ComposedNamedSession): string {
  return qualifiedName({ dir: table.dir ?? "", binding, name: table.name || table.template });
}

/** The qualified name of the agent that a named session is built from. */
export function sessionTemplate({ table, binding }: ComposedNamedSession): string {
  return qualifiedName({ dir: table.dir ?? "", binding, name: table.template });
}
