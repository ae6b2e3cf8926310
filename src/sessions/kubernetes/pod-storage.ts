import type { V1PersistentVolumeClaim, V1Volume } from "@kubernetes/client-node";
import type { PodOptions } from "../../city/pod-options.ts";
import { type PodIdentity, sessionLabel } from "./pod-names.ts";
import { workspace } from "./pod-places.ts";

type Storage = Pick<PodOptions, "storage" | "storageClass">;

/**
 * The claim of a session's volume, which outlives its pods; undefined without storage. It belongs to the session, not to a
 * pod: only a person deletes it.
 */
export function storageClaim({ podName, label }: PodIdentity, options: Storage): V1PersistentVolumeClaim | undefined {
  const { storage, storageClass } = options;
  if (!storage) return undefined;
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: claimName(podName), labels: { app: "gc-agent", [sessionLabel]: label } },
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage } },
      ...(storageClass ? { storageClassName: storageClass } : {}),
    },
  };
}

/** The volume of the session's /workspace: what the pod leaves on it is gone with the pod unless there is storage. */
export function workspaceVolume({ podName }: PodIdentity, { storage }: Storage): V1Volume {
  return storage
    ? { name: "ws", persistentVolumeClaim: { claimName: claimName(podName) } }
    : { name: "ws", emptyDir: {} };
}

/** Exists once a session's files have been brought to its storage. */
export const stagedOnce = `${workspace}/.gascity-staged`;

function claimName(podName: string): string {
  return `${podName}-work`;
}
