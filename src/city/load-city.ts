import { posix } from "node:path";
import type { CitySource } from "./city-source.ts";
import type { City, CitySession, ProviderChoice } from "./city.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { parseDuration } from "./duration.ts";
import type { Finding } from "./finding.ts";
import { kubernetesSettings } from "./kubernetes-settings.ts";
import { planSessions } from "./plan-sessions.ts";
import { readCityTables } from "./read-city-tables.ts";
import type { CityTables } from "./schema.ts";
import { sessionFragment } from "./session-name.ts";

/** A city, unless `diagnostics` hold an error. */
export interface LoadedCity {
  readonly city: City | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Resolves a city.toml. Pure: looks at nothing but its argument. Never throws. */
export function loadCity(source: CitySource): LoadedCity {
  const { tables, diagnostics, ranges } = readCityTables(source.text);
  if (!tables) return { city: undefined, diagnostics };

  const name = tables.workspace?.name ?? posix.basename(source.root);
  const findings: Finding[] = [];
  const provider = chooseProvider(tables, name, source.env, findings);
  const sessions = planSessions(tables, name, source, findings);
  checkSessionNames(sessions, findings);
  const all = [
    ...diagnostics,
    ...findings.map(({ severity, path, message }) => ({ severity, message, range: ranges().valueAt(path) })),
  ];
  if (all.some((diagnostic) => diagnostic.severity === "error")) return { city: undefined, diagnostics: all };
  const city: City = {
    name,
    root: source.root,
    suspended: tables.workspace?.suspended ?? false,
    provider,
    sessions,
    shutdownTimeout: parseDuration(tables.daemon?.shutdown_timeout ?? "5s") ?? 0,
  };
  return { city, diagnostics: all };
}

function chooseProvider(
  tables: CityTables,
  cityName: string,
  env: CitySource["env"],
  findings: Finding[],
): ProviderChoice {
  const written = tables.session?.provider ?? "";
  const kind = env["GC_SESSION"] || written || "tmux";
  if (kind === "k8s") return { kind, settings: kubernetesSettings(tables.session?.k8s, env) };
  if (kind !== "tmux") {
    findings.push({
      severity: "error",
      path: ["session", "provider"],
      message: `session.provider: "${kind}" is not supported: use "k8s" or "tmux"${kind === written ? "" : " (GC_SESSION is set)"}`,
    });
  }
  // tmux refuses nothing but "/" in a socket's name, yet a name without blanks is easier to type after -L.
  return { kind: "tmux", socket: tables.session?.socket ?? cityName.replaceAll(/[^a-zA-Z0-9_.-]+/gu, "-") };
}

function checkSessionNames(sessions: readonly CitySession[], findings: Finding[]): void {
  const agents = new Map<string, string>();
  for (const { name, agent } of sessions) {
    const other = agents.get(name);
    if (other !== undefined) {
      findings.push({
        severity: "error",
        path: ["workspace", "session_template"],
        message: `"${other}" and "${agent}" would both run in the session "${name}": make workspace.session_template tell them apart (it may use {{.Agent}} = "${sessionFragment(agent)}")`,
      });
    }
    agents.set(name, agent);
  }
}
