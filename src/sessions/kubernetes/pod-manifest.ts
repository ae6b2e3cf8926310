import type { V1Container, V1PersistentVolumeClaim, V1Pod, V1Volume, V1VolumeMount } from "@kubernetes/client-node";
import type { KubernetesSettings } from "../../city/kubernetes-settings.ts";
import type { PodOptions } from "../../city/pod-options.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import { ProblemError } from "../../lib/problem.ts";
import { podCommand, workspaceReady } from "./pod-command.ts";
import { podEnvironment } from "./pod-environment.ts";
import { podIdentity, sanitizeLabel, sessionLabel } from "./pod-names.ts";
import { podPlaces, workspace } from "./pod-places.ts";
import { storageClaim, workspaceVolume } from "./pod-storage.ts";
import { podSecurity, unrestricted } from "./pod-security.ts";
import { podResources } from "./pod-resources.ts";

/** Selects the pods of every session of a namespace. */
export const agentSelector = "app=gc-agent";
/** The session's own name, which the pod's name and labels only resemble. */
export const sessionAnnotation = "gc-session-name";
export const agentContainer = "agent";
export const stageContainer = "stage";
/** The init container waits for this file. */
export const stageReady = `${workspace}/.gc-ready`;

/** A pod to be made, and the values that it takes from a Secret of its own. */
export interface PodManifest {
  readonly pod: V1Pod;
  readonly secret: { readonly name: string; readonly values: Readonly<Record<string, string>> };
  /** The claim of the volume on which the session's work survives. */
  readonly claim: V1PersistentVolumeClaim | undefined;
}

/**
 * The pod of one session as gc makes it (k8s-wire §1), so that gc can adopt it; with what is secret in a Secret called
 * `secretName`. Pure. Fails with `no-image`, or with `unsupported` for a name, quantity or Dolt address that Kubernetes or
 * gc would refuse.
 */
export function podManifest(
  session: string,
  config: SessionConfig,
  common: KubernetesSettings,
  secretName: string,
): PodManifest {
  const { imagePullPolicy, imagePullSecrets, nodeSelector, tolerations, ...place } = config.pod ?? {};
  const settings = { ...common, ...place };
  if (settings.image === "") throw noImage();
  if (settings.prebaked && place.storage) throw storageHidesImage();
  if (settings.prebaked && place.worktree) throw nothingStaged();
  const identity = podIdentity(session);
  const { city, workDir } = podPlaces(config, settings);
  const cityVolume = !settings.prebaked && city !== "" && city !== config.workDir;
  const mounts = (cityMount: string): V1VolumeMount[] => [
    ...(settings.prebaked ? [] : [{ name: "ws", mountPath: workspace }]),
    ...(cityVolume ? [{ name: "city", mountPath: cityMount }] : []),
  ];
  const [workspaceMount, ...cityMounts] = mounts(city);
  const { variables, secrets } = podEnvironment(config, settings, secretName);
  // A user made in the pod takes root for it, as gc does.
  const makesUser = Boolean(config.env["LINUX_USERNAME"]);
  const security = makesUser ? unrestricted : podSecurity(place);
  const agentContext = makesUser ? { runAsUser: 0 } : security.container;
  const container: V1Container = {
    name: agentContainer,
    image: settings.image,
    imagePullPolicy: imagePullPolicy ?? "Always",
    workingDir: workDir,
    command: ["/bin/sh", "-c"],
    args: [podCommand(config, settings.prebaked)],
    env: [...variables],
    resources: podResources(settings),
    stdin: true,
    tty: true,
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [
      ...(workspaceMount ? [workspaceMount] : []),
      { name: "claude-config", mountPath: "/tmp/claude-secret", readOnly: true },
      ...cityMounts,
    ],
    ...(agentContext ? { securityContext: agentContext } : {}),
  };
  const stage: V1Container = {
    name: stageContainer,
    image: settings.image,
    imagePullPolicy: imagePullPolicy ?? "IfNotPresent",
    command: [
      "sh",
      "-c",
      `${forgetLastPod(place)}trap "exit 143" TERM; while [ ! -f ${stageReady} ]; do sleep 0.1; done`,
    ],
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: mounts("/city-stage"),
    ...(security.container ? { securityContext: security.container } : {}),
  };
  const volumes: V1Volume[] = [
    ...(settings.prebaked ? [] : [workspaceVolume(identity, place)]),
    { name: "claude-config", secret: { secretName: "claude-credentials", optional: true } },
    ...(cityVolume ? [{ name: "city", emptyDir: {} }] : []),
  ];
  const pod: V1Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: identity.podName,
      namespace: settings.namespace,
      labels: { app: "gc-agent", [sessionLabel]: identity.label, "gc-agent": agentLabel(config.env) },
      annotations: { [sessionAnnotation]: session },
    },
    spec: {
      restartPolicy: "Never",
      ...(security.pod ? { securityContext: security.pod } : {}),
      ...(settings.serviceAccount ? { serviceAccountName: settings.serviceAccount } : {}),
      ...(needsStage(config, settings) ? { initContainers: [stage] } : {}),
      containers: [container],
      ...(imagePullSecrets ? { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) } : {}),
      ...(nodeSelector ? { nodeSelector: { ...nodeSelector } } : {}),
      ...(tolerations ? { tolerations: [...tolerations] } : {}),
      volumes,
    },
  };
  return { pod, secret: { name: secretName, values: secrets }, claim: storageClaim(identity, place) };
}

/** Whether the pod has the init container `stage`, which waits for files before the agent container exists. */
export function needsStage(config: SessionConfig, settings: Pick<KubernetesSettings, "prebaked">): boolean {
  if (settings.prebaked) return false;
  const ownWorkDir = config.workDir !== "" && config.workDir !== podPlaces(config, settings).city;
  return (
    config.overlayDir !== "" ||
    config.copyFiles.length > 0 ||
    ownWorkDir ||
    config.pod?.storage !== undefined ||
    config.pod?.worktree === true
  );
}

/** On a volume that survives, the marks of the pod before would let this one begin without its files. */
function forgetLastPod({ storage }: PodOptions): string {
  return storage ? `rm -f ${stageReady} ${workspaceReady}; ` : "";
}

function storageHidesImage(): ProblemError {
  return new ProblemError({
    code: "unsupported",
    reason: "storage would hide the city that a prebaked image has in /workspace",
    action: "Remove storage from kubernetes.toml for this agent, or prebaked",
  });
}

function nothingStaged(): ProblemError {
  return new ProblemError({
    code: "unsupported",
    reason: "A prebaked image brings the city without its repositories, of which a worktree could be made",
    action: "Remove worktree from kubernetes.toml for this agent, or prebaked",
  });
}

function noImage(): ProblemError {
  return new ProblemError({
    code: "no-image",
    reason: "No image is set for the agents' pods",
    action: 'Set image = "…" in [session.k8s] of city.toml, or GC_K8S_IMAGE',
  });
}

function agentLabel(env: Readonly<Record<string, string>>): string {
  const label = sanitizeLabel(env["GC_ALIAS"] || env["GC_AGENT"] || "");
  // The API server takes ASCII only; the label is for people, no program finds the pod by it.
  return /^[\w.-]+$/u.test(label) ? label : "unknown";
}
