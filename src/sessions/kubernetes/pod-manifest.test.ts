import { describe, expect, it } from "vitest";
import { ourPod } from "../../../test/pod-vectors.ts";
import { kubernetesSettings } from "../../city/kubernetes-settings.ts";
import type { PodOptions } from "../../city/pod-options.ts";
import { parseStartMessage } from "../exec/start-message.ts";
import { podManifest } from "./pod-manifest.ts";

const sessionConfig = (message: object) => parseStartMessage(JSON.stringify(message));

describe("podManifest", () => {
  const plain = { name: "", session: "a", provider_env: { GC_K8S_IMAGE: "i" }, config: {} };

  it("keeps $(NAME) and $$ in values from being expanded by Kubernetes", () => {
    const pod = ourPod({ ...plain, config: { env: { A: "$(HOME) $$ $X $" } } });
    expect(pod.spec?.containers[0]?.env).toContainEqual({ name: "A", value: "$$(HOME) $$$ $X $" });
  });

  it("wants an image", () => {
    expect(() => ourPod({ ...plain, provider_env: {} })).toThrow(/No image/u);
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
    const pod = ourPod({ ...plain, config: { env: { GC_AGENT: "größe" } } });
    expect(pod.metadata?.labels?.["gc-agent"]).toBe("unknown");
  });
});
