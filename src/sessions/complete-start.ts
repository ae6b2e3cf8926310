import type { SessionConfig } from "../city/session-config.ts";
import { problemOf } from "../lib/problem.ts";
import type { AgentScreen } from "./agent-screen.ts";
import { type SetupPlace, runLive, setUpSession } from "./session-setup.ts";
import { untilReady } from "./until-ready.ts";

/** gc's default for [session] startup_timeout, in milliseconds (gascity-spec §1.7). */
export const usualStartupTimeout = 60_000;

/** A session that has just come up. */
export interface StartingSession extends SetupPlace {
  readonly screen: AgentScreen;
  /** Types a text into it and presses Enter. */
  nudge(text: string): Promise<void>;
}

/**
 * All that is left of a start once the session is there, in gc's order (gascity-spec §7.1): readiness and dialogs, setup,
 * first nudge, session_live. An agent that never shows its prompt within `patience` milliseconds stays, for a person to
 * look at, and gets the rest all the same; so does one whose setup or nudge fails. The log says so. Fails when the agent
 * ends before it is ready, or when aborted.
 */
export async function completeStart(
  session: StartingSession,
  config: SessionConfig,
  patience: number,
  signal: AbortSignal,
): Promise<void> {
  const { name, screen, log } = session;
  if (needsReady(config) && !(await untilReady(screen, config, patience, signal))) {
    log.warn(
      `${name} runs, but has not shown its prompt "${config.readyPromptPrefix}"; attach to it to see what it shows`,
    );
  }
  await setUpSession(session, config, signal);
  if (config.nudge !== "") {
    await session.nudge(config.nudge).catch((error: unknown) => {
      log.warn(`${name} runs, but its first nudge was not seen to arrive: ${problemOf(error).reason}`);
    });
    signal.throwIfAborted();
  }
  await runLive(session, config, signal);
}

/** A command that nobody says anything about and nobody types to is up when it exists. */
function needsReady(config: SessionConfig): boolean {
  const { nudge, processNames, readyDelay, readyPromptPrefix, emitsPermissionWarning } = config;
  return nudge !== "" || processNames.length > 0 || Boolean(readyDelay || readyPromptPrefix || emitsPermissionWarning);
}
