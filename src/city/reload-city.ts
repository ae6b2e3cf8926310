import { posix } from "node:path";
import type { City } from "./city.ts";
import type { CitySource } from "./city-source.ts";
import { type LoadedCity, loadCity } from "./load-city.ts";
import { diagnoseFindings } from "./validate/diagnose-findings.ts";

/**
 * Loads a city that may be open already as `before`. Its name is part of the names of sessions and pods: one that changes
 * is refused, as gc does (gascity-spec §1.3).
 */
export function reloadCity(source: CitySource, before: City | undefined): LoadedCity {
  const loaded = loadCity(source);
  const { city, composed } = loaded;
  if (!city || !before || city.name === before.name) return loaded;
  const message = `The name of an open city cannot change from "${before.name}" to "${city.name}", because its sessions carry it. Stop the city, then reload the window`;
  const origin = { file: posix.join(source.root, "city.toml"), path: ["workspace", "name"] };
  const refusal = diagnoseFindings([{ severity: "error", code: "name", origin, message }], composed.sources.read);
  return { ...loaded, city: undefined, diagnostics: [...loaded.diagnostics, ...refusal] };
}
