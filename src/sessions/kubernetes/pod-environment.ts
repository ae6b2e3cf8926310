import type { V1EnvVar } from "@kubernetes/client-node";
import type { KubernetesSettings } from "../../city/kubernetes-settings.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import { doltEndpoint } from "./dolt-endpoint.ts";
import { isSecretVariable } from "./secret-variables.ts";
import { podPlaces, workspace } from "./pod-places.ts";

/** They concern the controller alone, or come back projected. */
const dropped = new Set([
  "GC_BEADS",
  "GC_SESSION",
  "GC_EVENTS",
  ...["GC_K8S_DOLT", "GC_DOLT", "BEADS_DOLT_SERVER"].flatMap((prefix) => [`${prefix}_HOST`, `${prefix}_PORT`]),
]);

/** Their value is a path of the controller's machine. */
const pathVariables = new Set([
  "GC_STORE_ROOT",
  "GC_RIG_ROOT",
  "BEADS_DIR",
  "GT_ROOT",
  "GC_CITY_RUNTIME_DIR",
  "GC_PACK_STATE_DIR",
  "GC_PACK_DIR",
]);

/** What a container's environment is made of. */
export interface PodEnvironment {
  /** Each name once. */
  readonly variables: readonly V1EnvVar[];
  /** The values that `variables` take from the Secret. */
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * The agent container's environment (k8s-wire §1.4); secret values come from the Secret of that name. Fails as
 * `doltEndpoint` does.
 */
export function podEnvironment(
  config: SessionConfig,
  settings: Pick<KubernetesSettings, "doltHost" | "doltPort" | "prebaked">,
  secretName: string,
): PodEnvironment {
  const places = podPlaces(config, settings);
  const fixed = new Map([
    ["GC_CITY", workspace],
    ["GC_CITY_PATH", workspace],
    ["GC_CITY_ROOT", workspace],
    ["GC_DIR", places.workDir],
  ]);
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(config.env)) {
    if (dropped.has(name)) continue;
    const mapped = pathVariables.has(name) ? places.path(value.trim()) : undefined;
    values.set(name, fixed.get(name) ?? mapped ?? value);
  }
  const dolt = doltEndpoint(config.env, settings);
  if (dolt) {
    for (const prefix of ["BEADS_DOLT_SERVER", "GC_DOLT"]) {
      values.set(`${prefix}_HOST`, dolt.host);
      values.set(`${prefix}_PORT`, dolt.port);
    }
  }
  values.set("GC_TMUX_SESSION", "main");
  // What tmux does beside the agent, in an exec, is meant for the agent's pane, the server's first, unless it says otherwise.
  values.set("TMUX_PANE", "%0");
  values.set("CLAUDE_CONFIG_DIR", `/home/${config.env["LINUX_USERNAME"] || "gcagent"}/.claude`);
  values.delete("GITHUB_TOKEN");
  const secrets = Object.fromEntries([...values].filter(([name, value]) => value !== "" && isSecretVariable(name)));
  const variables = Array.from(values, ([name, value]): V1EnvVar =>
    Object.hasOwn(secrets, name)
      ? { name, valueFrom: { secretKeyRef: { name: secretName, key: name } } }
      : { name, value: literal(value) },
  );
  const github = { secretKeyRef: { name: "git-credentials", key: "token", optional: true } };
  return { variables: [...variables, { name: "GITHUB_TOKEN", valueFrom: github }], secrets };
}

/** Kubernetes expands `$(NAME)` in values and reads `$$` as `$`; an agent's value means itself. */
function literal(value: string): string {
  return value.replace(/\$(?=[$(])/gu, "$$$$");
}
