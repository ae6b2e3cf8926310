import type { V1EnvVar, V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { readVectors } from "../../../test/golden-vectors.ts";
import { kubernetesSettings } from "../../city/kubernetes-settings.ts";
import type { PodOptions } from "../../city/pod-options.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import { podManifest } from "./pod-manifest.ts";

interface PodVector {
  readonly name: string;
  readonly session: string;
  readonly provider_env: Record<string, string>;
  readonly config: {
    readonly work_dir?: string;
    readonly command?: string;
    readonly env?: Record<string, string>;
    readonly pre_start?: string[];
    readonly overlay_dir?: string;
    readonly copy_files?: { readonly src: string; readonly rel_dst?: string }[];
  };
  readonly pod?: V1Pod;
  readonly error?: string;
}
const vectors = readVectors("pods.json") as PodVector[];

function sessionConfig(config: PodVector["config"]): SessionConfig {
  return {
    workDir: config.work_dir ?? "",
    command: config.command ?? "",
    env: config.env ?? {},
    processNames: [],
    nudge: "",
    preStart: config.pre_start ?? [],
    overlayDir: config.overlay_dir ?? "",
    copyFiles: (config.copy_files ?? []).map((file) => ({ src: file.src, relDst: file.rel_dst ?? "" })),
  };
}

function manifestOf({ session, config, provider_env }: PodVector): V1Pod {
  return podManifest(session, sessionConfig(config), kubernetesSettings(undefined, provider_env), "secret").pod;
}

/** The same in one spelling: the last of equal variables, sorted; quantities as numbers; nothing empty. */
function normalized(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => normalized(item));
    return key === "env" ? sortedVariables(items as V1EnvVar[]) : items;
  }
  if (typeof value === "string") return key === "cpu" || key === "memory" ? scalar(value) : value;
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name, item]) => name === "emptyDir" || !isEmpty(item));
  return Object.fromEntries(kept.map(([name, item]) => [name, normalized(item, name)]));
}

function sortedVariables(variables: readonly V1EnvVar[]): readonly V1EnvVar[] {
  const last = new Map(variables.map((variable) => [variable.name, variable]));
  return [...last.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

function scalar(amount: string): number {
  const factors = new Map([
    ["m", 0.001],
    ["", 1],
    ["Ki", 2 ** 10],
    ["Mi", 2 ** 20],
    ["Gi", 2 ** 30],
  ]);
  const factor = factors.get(/[A-Za-z]*$/u.exec(amount)?.[0] ?? "");
  if (factor === undefined) throw new Error(`unknown unit in ${amount}`);
  return Number.parseFloat(amount) * factor;
}

/** What is different from gc's pods on purpose: each makes its change to one of gc's. */
const differences: Readonly<Record<string, (pod: V1Pod, config: PodVector["config"]) => void>> = {
  "pods meet the Pod Security Standard restricted, unless root has to make them a user"({ spec }) {
    if (!spec || spec.containers.some(({ securityContext }) => securityContext?.runAsUser === 0)) return;
    spec.securityContext = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };
    for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
      container.securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
    }
  },
  "what is secret stands in a Secret, where not everybody who sees pods can read it"({ spec }) {
    for (const variable of spec?.containers[0]?.env ?? []) {
      if (!/PASSWORD|TOKEN$|KEY$/u.test(variable.name) || !variable.value) continue;
      delete variable.value;
      variable.valueFrom = { secretKeyRef: { name: "secret", key: variable.name } };
    }
  },
  "a failed pre_start ends the start, with its words as the container's last message"({ spec }) {
    const [container] = spec?.containers ?? [];
    let number = 0;
    container?.args?.splice(
      0,
      1,
      (container.args[0] ?? "").replace(/\| base64 -d \| sh; /gu, () => {
        number += 1;
        return `| base64 -d | sh || { echo "gascity: pre_start ${number} ended with exit code $?"; exit 1; }; `;
      }),
    );
  },
  "a container that ends without a message says its last log lines"({ spec }) {
    for (const container of [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]) {
      container.terminationMessagePolicy = "FallbackToLogsOnError";
    }
  },
  "what an agent says that ends at once is kept; gc begins to keep it later, when such an agent is gone"({ spec }) {
    const [container] = spec?.containers ?? [];
    const keep = String.raw` \; pipe-pane -t '=main:' 'cat >> /tmp/agent-output.log'`;
    container?.args?.splice(0, 1, (container.args[0] ?? "").replace(" && sleep infinity", `${keep} && sleep infinity`));
  },
  "a pod that is deleted tells its agent and ends with it, not after its grace period"({ spec }) {
    const wait = "while [ ! -f /workspace/.gc-ready ]; do sleep 0.5; done";
    for (const stage of spec?.initContainers ?? []) stage.command = ["sh", "-c", `trap "exit 143" TERM; ${wait}`];
    const [container] = spec?.containers ?? [];
    if (container?.securityContext?.runAsUser === 0) return;
    const ends =
      `trap 'exec 2>/dev/null; pids=$(tmux list-panes -s -t "=main:" -F "#{pane_pid}"); tmux kill-server; ` +
      `for pid in $pids; do while [ -d "/proc/$pid" ]; do sleep 0.1; done; done; exit 143' TERM; `;
    const stays = (container?.args?.[0] ?? "").replace("&& sleep infinity", "&& { sleep infinity & wait; }");
    container?.args?.splice(0, 1, ends + stays);
  },
  "a work dir outside the city has a place of its own, where gc mixes its files with the city's"({ spec }, config) {
    const [container] = spec?.containers ?? [];
    if (!container || config.work_dir !== "/src/other") return;
    container.workingDir = "/workspace/.rigs/other";
    for (const variable of container.env ?? []) if (variable.name === "GC_DIR") variable.value = container.workingDir;
  },
};

function withDifferences({ pod, config }: PodVector): V1Pod {
  const changed = structuredClone(pod) ?? {};
  for (const change of Object.values(differences)) change(changed, config);
  return changed;
}

describe("podManifest", () => {
  const gvk = { apiVersion: "v1", kind: "Pod" };

  it.each(vectors.filter((vector) => vector.pod))("makes gc's pod: $name", (vector) => {
    expect(normalized(manifestOf(vector))).toEqual({
      ...gvk,
      ...(normalized(withDifferences(vector)) as object),
    });
  });

  it.each(vectors.filter((vector) => vector.error))("refuses what gc refuses: $name", (vector) => {
    const [variable = ""] = /GC_[A-Z0-9_]+/u.exec(vector.error ?? "") ?? [];
    expect(() => manifestOf(vector)).toThrow(variable);
  });

  const plain: PodVector = { name: "", session: "a", provider_env: { GC_K8S_IMAGE: "i" }, config: {} };

  it("keeps $(NAME) and $$ in values from being expanded by Kubernetes", () => {
    const pod = manifestOf({ ...plain, config: { env: { A: "$(HOME) $$ $X $" } } });
    expect(pod.spec?.containers[0]?.env).toContainEqual({ name: "A", value: "$$(HOME) $$$ $X $" });
  });

  it("wants an image", () => {
    expect(() => manifestOf({ ...plain, provider_env: {} })).toThrow(/No image/u);
  });

  it("makes the pod of an agent as its own options say", () => {
    const config = {
      workDir: "",
      command: "",
      env: {},
      processNames: [],
      nudge: "",
      preStart: [],
      overlayDir: "",
      copyFiles: [],
    };
    const tolerations = [{ key: "agents", operator: "Exists" }] as const;
    const options = {
      image: "big:1",
      cpuRequest: "3",
      imagePullPolicy: "Never",
      imagePullSecrets: ["registry"],
      nodeSelector: { disk: "ssd" },
      tolerations,
    } as const;
    const settings = kubernetesSettings(undefined, { GC_K8S_IMAGE: "i" });
    const { spec } = podManifest("a", { ...config, pod: options }, settings, "secret").pod;
    expect(spec).toMatchObject({
      containers: [{ image: "big:1", imagePullPolicy: "Never", resources: { requests: { cpu: "3", memory: "1Gi" } } }],
      imagePullSecrets: [{ name: "registry" }],
      nodeSelector: { disk: "ssd" },
      tolerations,
    });
  });

  it("puts values of secret variables into the Secret, and nothing of them into the pod", () => {
    const env = { ANTHROPIC_API_KEY: "sk-$(X)", GC_DOLT_PASSWORD: "", KEYBOARD: "de", GC_INSTANCE_TOKEN: "t" };
    const config = sessionConfig({ env });
    const { pod, secret } = podManifest("a", config, kubernetesSettings(undefined, { GC_K8S_IMAGE: "i" }), "a-1");
    expect(secret).toEqual({ name: "a-1", values: { ANTHROPIC_API_KEY: "sk-$(X)" } });
    expect(JSON.stringify(pod)).not.toContain("sk-");
    expect(pod.spec?.containers[0]?.env).toEqual(
      expect.arrayContaining([
        { name: "ANTHROPIC_API_KEY", valueFrom: { secretKeyRef: { name: "a-1", key: "ANTHROPIC_API_KEY" } } },
        { name: "GC_DOLT_PASSWORD", value: "" },
        { name: "KEYBOARD", value: "de" },
        { name: "GC_INSTANCE_TOKEN", value: "t" },
      ]),
    );
  });

  it("keeps the work space on a volume of the session's own where there is storage", () => {
    const settings = kubernetesSettings(undefined, { GC_K8S_IMAGE: "i" });
    const options = { storage: "5Gi", storageClass: "fast" };
    const { pod, claim } = podManifest("A/b", { ...sessionConfig({}), pod: options }, settings, "s");
    expect(claim?.metadata).toMatchObject({ name: "a-b-work", labels: { "gc-session": "A-b" } });
    expect(claim?.spec).toMatchObject({ resources: { requests: { storage: "5Gi" } }, storageClassName: "fast" });
    expect(pod.spec?.volumes?.[0]).toEqual({ name: "ws", persistentVolumeClaim: { claimName: "a-b-work" } });
    // The marks of an earlier pod are on the volume, too.
    expect(pod.spec?.initContainers?.[0]?.command?.[2]).toMatch(
      /^rm -f \S+gc-ready \S+gc-workspace-ready; trap "exit 143" TERM; while/u,
    );
    const prebaked = kubernetesSettings(undefined, { GC_K8S_IMAGE: "i", GC_K8S_PREBAKED: "true" });
    expect(() => podManifest("a", { ...sessionConfig({}), pod: options }, prebaked, "s")).toThrow(/would hide/u);
  });

  it("waits for the repository of a worktree before it starts the agent there", () => {
    const config = sessionConfig({ work_dir: "/c", env: { GC_CITY: "/c" } });
    const worktree = { ...config, pod: { worktree: true } };
    const { spec } = podManifest("a", worktree, kubernetesSettings(undefined, { GC_K8S_IMAGE: "i" }), "s").pod;
    expect(spec?.initContainers).toHaveLength(1);
    expect(spec?.containers[0]).toMatchObject({
      workingDir: "/workspace/.worktrees/c",
      env: expect.arrayContaining([{ name: "GC_CITY", value: "/workspace" }]) as unknown,
    });
    const prebaked = kubernetesSettings(undefined, { GC_K8S_IMAGE: "i", GC_K8S_PREBAKED: "true" });
    expect(() => podManifest("a", worktree, prebaked, "s")).toThrow(/without its repositories/u);
  });

  it("lets an agent be root where that is said, and run as a user of another number", () => {
    const settings = kubernetesSettings(undefined, { GC_K8S_IMAGE: "i" });
    const specOf = (pod: PodOptions) => podManifest("a", { ...sessionConfig({}), pod }, settings, "s").pod.spec;
    expect(specOf({ security: "baseline" })?.securityContext).toBeUndefined();
    expect(specOf({ security: "baseline" })?.containers[0]?.securityContext).toBeUndefined();
    expect(specOf({ security: "baseline", runAsUser: 7 })?.securityContext).toEqual({ runAsUser: 7 });
    expect(specOf({ runAsUser: 7 })?.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 7 });
  });

  it("labels an agent whose name the API server would refuse as unknown", () => {
    const pod = manifestOf({ ...plain, config: { env: { GC_AGENT: "größe" } } });
    expect(pod.metadata?.labels?.["gc-agent"]).toBe("unknown");
  });
});
