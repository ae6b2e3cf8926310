import { setTimeout as delay } from "node:timers/promises";
import type { SessionConfig } from "../../city/session-config.ts";
import { problemOf } from "../../lib/problem.ts";
import { newSession } from "./new-session.ts";
import { sessionExists } from "../session-problems.ts";
import { tooLong } from "./start-problems.ts";
import type { TmuxServer } from "./tmux-server.ts";

const tries = 20;
const step = 25;

/**
 * Creates a session; its server comes up with it. Fails with `session-exists` when somebody else was faster, with
 * `unsupported` when command and env are longer than tmux takes.
 */
export async function createSession(
  server: TmuxServer,
  name: string,
  config: Pick<SessionConfig, "workDir" | "command" | "env">,
): Promise<void> {
  const args = newSession(name, config, server.env["SHELL"] ?? "/bin/sh");
  try {
    // A server whose last session has just gone may take the call and end all the same, with all that it has made.
    for (let attempt = 1; attempt < tries; attempt += 1) {
      if (await server.tryRun(args)) return;
      await delay(step);
    }
    await server.run(args);
  } catch (error) {
    const { reason } = problemOf(error);
    if (reason.includes("duplicate session")) throw sessionExists(name);
    // tmux's words, and the kernel's for what not even reaches it.
    if (/command too long|E2BIG/u.test(reason)) throw tooLong(name, error);
    throw error;
  }
}
