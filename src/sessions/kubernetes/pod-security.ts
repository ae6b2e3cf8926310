import type { V1PodSecurityContext, V1SecurityContext } from "@kubernetes/client-node";
import type { PodOptions } from "../../city/pod-options.ts";

/** The security contexts of a pod, and of each of its containers. */
export interface PodSecurity {
  readonly pod: V1PodSecurityContext | undefined;
  readonly container: V1SecurityContext | undefined;
}

/** As gc makes pods. */
export const unrestricted: PodSecurity = { pod: undefined, container: undefined };

/**
 * What Kubernetes' Pod Security Standard "restricted" asks for, unless the options say "baseline": then a pod has none of
 * it, as gc makes them.
 */
export function podSecurity({ security, runAsUser, storage }: PodOptions): PodSecurity {
  // A new volume belongs to root; any group of the pod's own makes it writable.
  const group = storage ? { fsGroup: 1000, fsGroupChangePolicy: "OnRootMismatch" } : {};
  const user = { ...(runAsUser === undefined ? {} : { runAsUser }), ...group };
  if (security === "baseline") return { pod: Object.keys(user).length > 0 ? user : undefined, container: undefined };
  return {
    pod: { runAsNonRoot: true, ...user, seccompProfile: { type: "RuntimeDefault" } },
    container: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  };
}
