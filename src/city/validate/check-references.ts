import { agentName } from "../compose/composed-city.ts";
import type { ComposedCity } from "../compose/compose-city.ts";
import { didYouMean } from "../nearest-name.ts";
import type { Report } from "./report.ts";

/** Warns of names that lead nowhere and that gc looks up only when it needs them. */
export function checkReferences({ config, agents }: ComposedCity, report: Report): void {
  const agentNames = agents.map(agentName);
  const rigNames = (config.rigs ?? []).map(({ name }) => name);
  for (const [index, rig] of (config.rigs ?? []).entries()) {
    const target = rig.default_sling_target;
    if (!target || agentNames.includes(target)) continue;
    const message = `Rig "${rig.name}": there is no agent "${target}"${didYouMean(target, agentNames)}`;
    report("warning", "reference", ["rigs", index, "default_sling_target"], message);
  }
  for (const [index, override] of (config.orders?.overrides ?? []).entries()) {
    if (!override.rig || rigNames.includes(override.rig)) continue;
    const message = `Order "${override.name}": there is no rig "${override.rig}"${didYouMean(override.rig, rigNames)}`;
    report("warning", "reference", ["orders", "overrides", index, "rig"], message);
  }
}
