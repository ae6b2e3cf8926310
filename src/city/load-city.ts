import { posix } from "node:path";
import type { City, ControllerSettings, ProviderChoice } from "./city.ts";
import type { CitySource } from "./city-source.ts";
import { composeCity, type ComposedCity } from "./compose/compose-city.ts";
import type { Finding } from "./compose/finding.ts";
import type { CityPaths } from "./compose/sources.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { parseDuration } from "./duration.ts";
import { recordedFiles } from "./files/recorded-files.ts";
import { kubernetesSettings } from "./kubernetes-settings.ts";
import { cityName } from "./names/city-name.ts";
import { cityFormulas } from "./resolve/formula-files.ts";
import { planSessions } from "./resolve/plan-sessions.ts";
import type { CityTables } from "./schema/city-tables.ts";
import { diagnoseFindings } from "./validate/diagnose-findings.ts";
import { collectFindings, type Report } from "./validate/report.ts";
import { validateCity } from "./validate/validate-city.ts";

/** A city, unless `diagnostics` hold an error. */
export interface LoadedCity {
  readonly city: City | undefined;
  /** Of all of its files. */
  readonly diagnostics: readonly Diagnostic[];
  /** All of its files as one; complete but for what the diagnostics speak of. */
  readonly composed: ComposedCity;
  /** What to watch: a change of any of these changes the city. */
  readonly paths: CityPaths;
}

/** Loads the city in a folder. Pure: looks at nothing but its argument. Never throws. */
export function loadCity(source: CitySource): LoadedCity {
  const { root, env } = source;
  const files = recordedFiles(source.files);
  const composed = composeCity(files, root, source);
  const { config, sources } = composed;
  let plan: ReturnType<typeof planSessions> = { agents: [], sessions: [], problems: [] };
  const formulas = cityFormulas(composed);
  let provider: ProviderChoice | undefined;
  const findings = isReadable(composed)
    ? [
        ...composed.findings,
        ...validateCity(composed, env),
        ...collectFindings(composed, (report) => {
          provider = chooseProvider(composed, env, report);
          plan = planSessions(composed, { ...source, files, formulas });
          for (const { severity, code, path, message } of plan.problems) report(severity, code, path, message);
        }),
      ]
    : // All else that could be said would come from what cannot be read.
      composed.findings.filter(({ code }) => code === "syntax" || code === "missing-file");
  const diagnostics = diagnoseFindings(withoutConsequences(findings), sources.read);
  const paths = { files: new Set([...sources.paths.files, ...files.read]), folders: sources.paths.folders };
  if (!provider || findings.some(({ severity }) => severity === "error")) {
    return { city: undefined, diagnostics, composed, paths };
  }
  const city: City = {
    name: cityName(composed),
    root,
    suspended: config.workspace?.suspended ?? false,
    provider,
    agents: plan.agents,
    sessions: plan.sessions,
    maxSessions: limitOf(config.workspace?.max_active_sessions),
    maxOfRig: new Map(config.rigs?.map(({ name, max_active_sessions: most }) => [name, limitOf(most)])),
    controller: controllerSettings(config.daemon),
    formulas: [formulas.city, ...formulas.rigs.values()],
    shutdownTimeout: parseDuration(config.daemon?.shutdown_timeout || "5s") ?? 5000,
  };
  return { city, diagnostics, composed, paths };
}

/** No limit and a negative one are none. */
function limitOf(most: number | undefined): number {
  return most === undefined || most < 0 ? Infinity : most;
}

function controllerSettings(daemon: CityTables["daemon"]): ControllerSettings {
  const wakes = daemon?.max_wakes_per_tick ?? 0;
  return {
    patrolInterval: parseDuration(daemon?.patrol_interval ?? "") || 30_000,
    maxWakes: wakes > 0 ? wakes : 5,
    driftDrainTimeout: parseDuration(daemon?.drift_drain_timeout ?? "") ?? 120_000,
  };
}

function isReadable({ findings, sources }: ComposedCity): boolean {
  return sources.read.size > 0 && !findings.some(({ code }) => code === "syntax");
}

/** Where there is an error, the first one tells enough: others follow from it. */
function withoutConsequences(findings: readonly Finding[]): readonly Finding[] {
  const placeOf = ({ origin }: Finding): string => [origin.file, ...origin.path].join("\0");
  const errors = new Map<string, Finding>();
  for (const finding of findings) {
    const place = placeOf(finding);
    if (finding.severity === "error" && !errors.has(place)) errors.set(place, finding);
  }
  return findings.filter((finding) => (errors.get(placeOf(finding)) ?? finding) === finding);
}

function chooseProvider(composed: ComposedCity, env: CitySource["env"], report: Report): ProviderChoice {
  const { config, kubernetes } = composed;
  const written = config.session?.provider ?? "";
  const kind = env["GC_SESSION"] || written || "tmux";
  if (kind === "k8s") return { kind, settings: kubernetesSettings(config.session?.k8s, env, kubernetes) };
  if (kind.startsWith("exec:")) return { kind: "exec", script: scriptOf(kind.slice("exec:".length), composed.root) };
  if (kind !== "tmux") {
    const hint = kind === written ? "" : " (GC_SESSION is set)";
    const message = `session.provider: "${kind}" is not supported: use "k8s", "tmux" or "exec:SCRIPT"${hint}`;
    report("error", "value", ["session", "provider"], message);
  }
  // tmux refuses nothing but "/" in a socket's name, yet a name without blanks is easier to type after -L.
  return { kind: "tmux", socket: config.session?.socket || cityName(composed).replaceAll(/[^a-zA-Z0-9_.-]+/gu, "-") };
}

/** A program on the PATH, or a path from the city's folder. */
function scriptOf(script: string, root: string): string {
  return script.includes("/") ? posix.resolve(root, script) : script;
}
