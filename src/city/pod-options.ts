/** How the pods of one agent differ from the city's others. What is absent is as [session.k8s] and gc have it. */
export interface PodOptions {
  readonly image?: string;
  readonly cpuRequest?: string;
  readonly memoryRequest?: string;
  readonly cpuLimit?: string;
  readonly memoryLimit?: string;
  readonly imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  /** Names of Secrets. */
  readonly imagePullSecrets?: readonly string[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly PodToleration[];
  /** How large the volume is on which its work survives the pod, as a quantity; work goes with the pod when left out. */
  readonly storage?: string;
  /** The class of that volume; the cluster's usual one when left out. */
  readonly storageClass?: string;
  /** Whether it works in a git worktree of its own, on a branch of its own; false when left out. */
  readonly worktree?: boolean;
  /** The Pod Security Standard that it meets; "restricted" when left out. */
  readonly security?: "restricted" | "baseline";
  /** The number of the user that its programs run as; the image's own when left out. */
  readonly runAsUser?: number;
}

/** A taint that does not keep a pod away, as Kubernetes writes it. */
export interface PodToleration {
  readonly key?: string;
  readonly operator?: "Exists" | "Equal";
  readonly value?: string;
  readonly effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
  readonly tolerationSeconds?: number;
}
