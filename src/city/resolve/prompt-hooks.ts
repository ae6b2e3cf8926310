import { posix } from "node:path";
import type { AgentTable } from "../schema/agent.ts";
import type { WorkspaceTable } from "../schema/workspace.ts";
import type { CityFiles } from "../files/city-files.ts";

/** Where gc writes the hooks of a program that ask for the prompt at its start, relative to the work dir. */
const hookFiles: ReadonlyMap<string, string> = new Map([
  ["codex", ".codex/hooks.json"],
  ["gemini", ".gemini/settings.json"],
  ["cursor", ".cursor/hooks.json"],
  ["copilot", ".github/hooks/gascity.json"],
  ["opencode", ".opencode/plugins/gascity.js"],
  ["pi", ".pi/extensions/gc-hooks.js"],
  ["omp", ".omp/hooks/gc-hook.ts"],
]);

/** The providers whose hooks an agent's work dir gets: its own list, else the workspace's (gascity-spec §1.7). */
export function installedHooks(agent: AgentTable, workspace: WorkspaceTable | undefined): readonly string[] {
  return agent.install_agent_hooks?.length ? agent.install_agent_hooks : (workspace?.install_agent_hooks ?? []);
}

/**
 * Whether a hook of the agent's own asks gc for the prompt (gascity-spec §2.3): when the agent says so, or where the
 * hook's file is. gc takes the file for granted, because it has written it.
 */
export function asksForPrompt(
  agent: AgentTable,
  workspace: WorkspaceTable | undefined,
  provider: string,
  place: { readonly workDir: string; readonly claudeSettings: string },
  files: Pick<CityFiles, "readText">,
): boolean {
  if (agent.hooks_installed !== undefined) return agent.hooks_installed;
  if (provider === "claude") return place.claudeSettings !== "";
  const file = hookFiles.get(provider);
  if (!file || !installedHooks(agent, workspace).includes(provider)) return false;
  return files.readText(posix.join(place.workDir, file)) !== undefined;
}
