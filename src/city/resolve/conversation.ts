import { shellJoin } from "../../lib/shell-quote.ts";
import type { ConversationFlags, SessionConfig } from "../session-config.ts";
import type { ResolvedProvider } from "./resolve-provider.ts";

/**
 * How a program's conversations are given a key and gone on with; undefined for one that cannot do both, or whose sessions
 * shall begin anew each time (gascity-spec §2.4).
 */
export function conversationFlags(
  { sessionIdFlag, resumeFlag, resumeStyle, resumeCommand }: ResolvedProvider,
  wakeMode: string | undefined,
): ConversationFlags | undefined {
  if (wakeMode === "fresh" || sessionIdFlag === "" || (resumeFlag === "" && resumeCommand === "")) return undefined;
  return { sessionIdFlag, resumeFlag, resumeStyle, resumeCommand };
}

/** The configuration for a start that begins the conversation of this key, or `resumes` it; without a key as it is. */
export function withConversation(config: SessionConfig, key: string, resumes: boolean): SessionConfig {
  const { conversation, command } = config;
  if (!conversation) return config;
  const word = shellJoin([key]);
  return {
    ...config,
    command: resumes ? resumed(command, conversation, word) : `${command} ${conversation.sessionIdFlag} ${word}`,
  };
}

function resumed(command: string, { resumeFlag, resumeStyle, resumeCommand }: ConversationFlags, key: string): string {
  if (resumeCommand !== "") return resumeCommand.replaceAll("{{.SessionKey}}", () => key);
  if (resumeStyle !== "subcommand") return `${command} ${resumeFlag} ${key}`;
  // Before the program's flags, which are the subcommand's then.
  const [program = "", ...rest] = command.split(" ");
  return [program, resumeFlag, key, ...rest].join(" ");
}
