/** One session of an agent, as far as its configuration depends on it. */
export interface SessionIdentity {
  readonly session: string;
  /** Qualified name with slot, or the named session's identity: what the agent is called by others. */
  readonly alias: string;
  /** The agent's qualified name. */
  readonly template: string;
  readonly origin: "ephemeral" | "named" | "manual";
}
