import type { SessionConfig } from "../city/session-config.ts";
import type { Log } from "../lib/log.ts";
import { problemOf } from "../lib/problem.ts";
import type { AgentShell } from "./agent-shell.ts";

/** gc's default for [session] setup_timeout, in milliseconds (gascity-spec §1.7). */
export const usualSetupTimeout = 10_000;

/** A running session, as its setup commands need it. */
export interface SetupPlace {
  readonly name: string;
  readonly shell: AgentShell;
  readonly log: Log;
}

type Setup = Pick<SessionConfig, "sessionSetup" | "sessionSetupScript" | "sessionLive" | "setupTimeout">;

/**
 * Runs session_setup and session_setup_script of a session that is up (gascity-spec §7.1). An agent works without them:
 * what fails is told to the log with its output, and the next one runs. Rejects only when aborted.
 */
export async function setUpSession(place: SetupPlace, config: Setup, signal: AbortSignal): Promise<void> {
  const limits = { limit: config.setupTimeout ?? usualSetupTimeout, signal };
  for (const command of config.sessionSetup ?? []) {
    await step(place, `session_setup "${command}"`, place.shell.run(command, limits), signal);
  }
  const script = config.sessionSetupScript;
  if (script) await step(place, `session_setup_script ${script}`, place.shell.runScript(script, limits), signal);
}

/** Runs session_live: at the end of a start, and again whenever it changes. Fails as `setUpSession` does. */
export async function runLive(place: SetupPlace, config: Setup, signal: AbortSignal): Promise<void> {
  const limits = { limit: config.setupTimeout ?? usualSetupTimeout, signal };
  for (const command of config.sessionLive ?? []) {
    await step(place, `session_live "${command}"`, place.shell.run(command, limits), signal);
  }
}

async function step(
  { name, log }: SetupPlace,
  what: string,
  done: Promise<string>,
  signal: AbortSignal,
): Promise<void> {
  const why = await done.catch((error: unknown) => problemOf(error).reason);
  signal.throwIfAborted();
  if (why !== "") log.warn(`${name}: ${what} failed: ${why}`);
}
