import { posix } from "node:path";
import type { CityAgent } from "../city.ts";
import type { ComposedAgent } from "../compose/composed-city.ts";
import { parseDuration } from "../duration.ts";
import type { ResolvableCity } from "./resolvable-city.ts";
import { rigOf } from "./rig-of.ts";
import { sleepPolicy } from "./sleep-policy.ts";

/** When sessions of an agent run, as its table and its rig's say (gascity-spec §1.7, [[agent]]). */
export function agentPlan(
  { table }: ComposedAgent,
  city: ResolvableCity,
): Pick<CityAgent, "rig" | "scaleCheck" | "dependsOn" | "idleTimeout" | "sleepAfterIdle"> {
  const rig = rigOf(table, city.config);
  const folder = rig ? posix.resolve(city.root, rig.path) : city.root;
  return {
    rig: rig?.name ?? "",
    scaleCheck: table.scale_check ? { command: table.scale_check, folder } : undefined,
    dependsOn: table.depends_on ?? [],
    idleTimeout: lasting(table.idle_timeout),
    // "off" is no duration.
    sleepAfterIdle: lasting(sleepPolicy(table, city).value),
  };
}

function lasting(text: string | undefined): number | undefined {
  const duration = parseDuration(text ?? "");
  return duration !== undefined && duration > 0 ? duration : undefined;
}
