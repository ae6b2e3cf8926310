import { shellQuote } from "../../lib/shell-quote.ts";
import type { SessionConfig, SessionPrompt } from "../session-config.ts";

/**
 * The line that tells a session where it is, which also finds it again in a list of conversations (gascity-spec §2.3).
 * The time is local.
 */
function beacon(city: string, agent: string, at: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":");
  return `[${city}] ${agent} • ${day}T${time}`;
}

/**
 * The configuration with its prompt where the agent will find it: after the command, after a flag, or typed before its
 * nudge. `at` is the time of the start. An agent without a prompt gets nothing, and one that asks for it by a hook neither;
 * gc sends both a beacon, and all others an advice to run `gc prime`, which they have no need of.
 */
export function withPrompt(config: SessionConfig, at: Date): SessionConfig {
  const { prompt, ...rest } = config;
  if (!prompt || prompt.text === "") return rest;
  const text = `${beacon(prompt.city, prompt.agent, at)}\n\n${prompt.text}`;
  if (prompt.mode === "none") return { ...rest, nudge: config.nudge ? `${text}\n\n---\n\n${config.nudge}` : text };
  const suffix = { ...rest, promptSuffix: shellQuote(text) };
  return prompt.mode === "flag" ? { ...suffix, promptFlag: prompt.flag } : suffix;
}

/** The whole command line of a session, its prompt included. */
export function launchCommand({ command, promptFlag, promptSuffix }: SessionConfig): string {
  return [command, promptSuffix ? promptFlag : "", promptSuffix].filter(Boolean).join(" ");
}

/** A prompt whose text is made when somebody asks for it, once: most sessions are never started. */
export function lazyPrompt(
  names: Pick<SessionPrompt, "city" | "agent">,
  provider: { readonly promptMode: SessionPrompt["mode"]; readonly promptFlag: string },
  make: () => string,
): SessionPrompt {
  let made: string | undefined;
  return {
    ...names,
    mode: provider.promptMode,
    flag: provider.promptFlag,
    get text() {
      return (made ??= make());
    },
  };
}
