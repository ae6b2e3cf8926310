import { posix } from "node:path";
import type { ComposedCity } from "../compose/compose-city.ts";
import type { ServiceTable } from "../schema/service.ts";
import type { Report } from "./report.ts";

const servicesFolder = ".gc/services/";
/** The workflows that gc 0.15 has. */
const contracts: readonly string[] = ["gc.healthz.v1"];

/** What gc refuses in services (gascity-spec §1.3). */
export function checkServices({ services }: ComposedCity, report: Report): void {
  const names = new Set<string>();
  for (const [index, { table }] of services.entries()) {
    if (names.has(table.name)) {
      report("error", "duplicate", ["service", index, "name"], `There are two services "${table.name}": rename one`);
    }
    names.add(table.name);
    for (const { path, message } of problemsOf(table)) {
      report("error", "value", ["service", index, ...path], `Service "${table.name}": ${message}`);
    }
  }
}

function* problemsOf(service: ServiceTable): Generator<{ readonly path: readonly string[]; readonly message: string }> {
  const { publication, publish_mode, state_root } = service;
  const visibility = publication?.visibility?.trim().toLowerCase();
  if (publish_mode === "direct" && visibility && visibility !== "public") {
    const message = `publish_mode = "direct" makes it public; leave out visibility, or make it "public"`;
    yield { path: ["publication", "visibility"], message };
  }
  const hostname = publication?.hostname?.trim().toLowerCase() ?? "";
  if (hostname !== "" && !/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/u.test(hostname)) {
    const message = "its hostname must be one part of a host name: letters, digits and -, at most 63";
    yield { path: ["publication", "hostname"], message };
  }
  if (state_root && !posix.normalize(state_root).startsWith(servicesFolder)) {
    yield { path: ["state_root"], message: `state_root must be below ${servicesFolder}` };
  }
  if ((service.kind || "workflow") === "workflow") {
    const contract = service.workflow?.contract ?? "";
    if (contract === "") {
      yield { path: ["workflow", "contract"], message: 'a service of kind "workflow" needs workflow.contract' };
    } else if (!contracts.includes(contract)) {
      const message = `gc knows no contract "${contract}", only ${contracts.join(", ")}`;
      yield { path: ["workflow", "contract"], message };
    }
  } else if (!service.process?.command?.[0]?.trim()) {
    yield { path: ["process", "command"], message: `a service of kind "${service.kind}" needs process.command` };
  }
}
