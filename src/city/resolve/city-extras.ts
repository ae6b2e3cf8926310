import { posix } from "node:path";
import type { CityFiles } from "../files/city-files.ts";
import type { CopyFile } from "../session-config.ts";
import type { ResolvedProvider } from "./resolve-provider.ts";

/** What of a city's own folder goes along with its agents. Found once for all of them. */
export interface CityExtras {
  /** Absolute path of the settings that Claude gets; empty when there are none. */
  readonly claudeSettings: string;
  /** Absolute path of the folder of scripts; empty when there is none. */
  readonly scripts: string;
}

export function cityExtras(root: string, files: Pick<CityFiles, "readText" | "listFolder">): CityExtras {
  const settings = posix.join(root, ".gc", "settings.json");
  const scripts = posix.join(root, "scripts");
  return {
    claudeSettings: files.readText(settings) === undefined ? "" : settings,
    scripts: files.listFolder(scripts) === undefined ? "" : scripts,
  };
}

/**
 * The command line with the city's settings for Claude (gascity-spec §1.4), as gc writes it. Only for the provider
 * "claude" itself, as in gc: one that is called otherwise has them in its args or not at all.
 */
export function withClaudeSettings(provider: ResolvedProvider, { claudeSettings }: CityExtras): string {
  if (provider.name !== "claude" || claudeSettings === "") return provider.commandLine;
  return `${provider.commandLine} --settings ${JSON.stringify(claudeSettings)}`;
}

/** What is copied to every session of the provider (gascity-spec §2.4), in gc's order, which is in the fingerprint. */
export function extraFiles(provider: ResolvedProvider, { claudeSettings, scripts }: CityExtras): readonly CopyFile[] {
  const settings = { src: claudeSettings, relDst: ".gc/settings.json", probed: true };
  const folder = { src: scripts, relDst: ".gc/scripts", probed: true };
  const both = provider.name === "claude" ? [settings, folder] : [folder, settings];
  return both.filter(({ src }) => src !== "");
}
