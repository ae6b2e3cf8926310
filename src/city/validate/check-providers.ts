import { agentName } from "../compose/composed-city.ts";
import type { ComposedCity } from "../compose/compose-city.ts";
import { builtinProviders } from "../names/builtin-providers.ts";
import { didYouMean } from "../nearest-name.ts";
import type { TomlPath } from "../text/toml-path.ts";
import type { Report } from "./report.ts";

/** Warns of providers that nobody defines, as gc does, and of ones that cannot take a prompt. */
export function checkProviders({ config, agents }: ComposedCity, report: Report): void {
  const known = new Set<string>([...builtinProviders, ...Object.keys(config.providers ?? {})]);
  const check = (provider: string | undefined, path: TomlPath, who: string): void => {
    if (!provider || known.has(provider)) return;
    const hint = didYouMean(provider, known) || "; define it under [providers]";
    report("warning", "reference", path, `${who}: there is no provider "${provider}"${hint}`);
  };
  check(config.workspace?.provider, ["workspace", "provider"], "workspace.provider");
  for (const [index, agent] of agents.entries()) {
    // A command of its own needs no provider.
    if (agent.table.start_command) continue;
    check(agent.table.provider, ["agent", index, "provider"], `Agent "${agentName(agent)}"`);
  }
  for (const [name, provider] of Object.entries(config.providers ?? {})) {
    if (provider.prompt_mode !== "flag" || provider.prompt_flag) continue;
    const message = `Provider "${name}": prompt_mode = "flag" needs a prompt_flag`;
    report("warning", "value", ["providers", name, "prompt_mode"], message);
  }
}
