import type { ComposedCity } from "../compose/compose-city.ts";
import { beadPrefix } from "../names/bead-prefix.ts";
import { cityName } from "../names/city-name.ts";
import type { Report } from "./report.ts";

/** What gc refuses in rigs (gascity-spec §1.3): no name or path, the same name twice, the same prefix of bead ids. */
export function checkRigs(city: ComposedCity, report: Report): void {
  const { config } = city;
  const ownPrefix = config.workspace?.prefix || beadPrefix(cityName(city));
  const names = new Set<string>();
  const prefixes = new Map([[ownPrefix.toLowerCase(), "the city itself"]]);
  for (const [index, rig] of (config.rigs ?? []).entries()) {
    if (!rig.name) report("error", "value", ["rigs", index, "name"], "A rig needs a name");
    if (!rig.path) report("error", "value", ["rigs", index, "path"], `Rig "${rig.name}" needs a path`);
    if (names.has(rig.name)) {
      report("error", "duplicate", ["rigs", index, "name"], `There are two rigs "${rig.name}": rename one of them`);
      continue;
    }
    names.add(rig.name);
    const prefix = rig.prefix || beadPrefix(rig.name);
    const other = prefixes.get(prefix.toLowerCase());
    if (other !== undefined) {
      const message = `Rig "${rig.name}": its beads would begin with "${prefix}-", as those of ${other} do; give it another prefix`;
      report("error", "collision", ["rigs", index, rig.prefix ? "prefix" : "name"], message);
    }
    prefixes.set(prefix.toLowerCase(), other ?? `rig "${rig.name}"`);
  }
}
