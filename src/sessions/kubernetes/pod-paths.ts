import type { SessionConfig } from "../../city/session-config.ts";

/** Where the city's files are in every agent's pod. */
export const workspace = "/workspace";

const cityVariables = ["GC_CITY", "GC_CITY_PATH", "GC_CITY_ROOT"];

/** The city's folder on the controller's machine as the session's environment names it; empty when it does not. */
export function cityPathOf(env: Readonly<Record<string, string>>): string {
  return cityVariables.map((name) => env[name]?.trim() ?? "").find((path) => path !== "") ?? "";
}

/** Where the session works in its pod: below the city's root the same place below /workspace, else /workspace. */
export function podWorkDir(config: SessionConfig): string {
  const city = cityPathOf(config.env);
  return city !== "" && config.workDir.startsWith(`${city}/`)
    ? `${workspace}/${config.workDir.slice(city.length + 1)}`
    : workspace;
}

/**
 * A command with the city where the pod has it. Every mention counts, also as the beginning of another path, as in gc
 * (k8s-wire §1.3).
 */
export function commandInPod(command: string, city: string): string {
  return city === "" ? command : command.replaceAll(city, workspace);
}

/** `path` in the pod if it is the city's folder or below it, else undefined. */
export function podPath(path: string, city: string): string | undefined {
  if (city === "" || (path !== city && !path.startsWith(`${city}/`))) return undefined;
  return workspace + path.slice(city.length);
}
