import type { V1Pod } from "@kubernetes/client-node";
import { kubernetesSettings } from "../src/city/kubernetes-settings.ts";
import { parseStartMessage, type startMessage } from "../src/sessions/exec/start-message.ts";
import { podManifest } from "../src/sessions/kubernetes/pod-manifest.ts";
import { readVectors } from "./golden-vectors.ts";

/** A session, and the pod that gc makes of it, or the error. */
export interface PodVector {
  readonly name: string;
  readonly session: string;
  readonly provider_env: Readonly<Record<string, string>>;
  /** Under the names of the exec protocol. */
  readonly config: ReturnType<typeof startMessage>;
  readonly pod?: V1Pod;
  readonly error?: string;
}

export const podVectors = readVectors("pods.json") as readonly PodVector[];
export const madePods = podVectors.filter((vector): vector is PodVector & { pod: V1Pod } => vector.pod !== undefined);

/** Our pod for a vector's session, with a Secret called `secret`. */
export function ourPod({ session, config, provider_env }: PodVector): V1Pod {
  const settings = kubernetesSettings(undefined, provider_env);
  return podManifest(session, parseStartMessage(JSON.stringify(config)), settings, "secret").pod;
}
