import { ProblemError } from "../../lib/problem.ts";

/** The label by which every pod of a session, and its storage, is found. */
export const sessionLabel = "gc-session";

/** What a session is called on the cluster. */
export interface PodIdentity {
  readonly podName: string;
  /** Value of `sessionLabel`. */
  readonly label: string;
}

// Both limits are Kubernetes' own, in bytes of UTF-8.
const maxBytes = 63;
const labelValue = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/u;

/**
 * A session's name as a pod name, as gc makes it (k8s-wire §1.1): an RFC 1123 label, or empty for an empty name.
 * Different names may give the same pod name.
 */
export function sanitizeName(name: string): string {
  if (name === "") return "";
  const lowered = Array.from(name, (character) => lower(character).replace(/[^a-z0-9-]/u, "-")).join("");
  return lowered.replace(/^-+/u, "").slice(0, maxBytes).replace(/-+$/u, "") || "unknown";
}

/**
 * A name as a label value, as gc makes it (k8s-wire §1.1). Letters and digits beyond ASCII stay, though the API server
 * refuses them: `podIdentity` and `labelOrUnknown` say what to do about that.
 */
export function sanitizeLabel(name: string): string {
  const replaced = name.replace(/[^\p{L}\p{Nd}\-_.]/gu, "-").replace(/^[^\p{L}\p{Nd}]+/u, "");
  const cut = Buffer.from(replaced).subarray(0, maxBytes).toString();
  return cut.replace(/[^\p{L}\p{Nd}]+$/u, "") || "unknown";
}

/** Pod name and label of a session. Fails with `unsupported` for a name that the API server would refuse. */
export function podIdentity(session: string): PodIdentity {
  const identity = { podName: sanitizeName(session), label: sanitizeLabel(session) };
  if (identity.podName === "" || !labelValue.test(identity.label)) {
    throw new ProblemError({
      code: "unsupported",
      reason: `The session name ${JSON.stringify(session)} cannot be a Kubernetes label`,
      action: "Rename the agent to letters a-z, digits, - _ and .",
    });
  }
  return identity;
}

/** Go's unicode.ToLower: one code point for one. */
function lower(character: string): string {
  const [first = character] = character.toLowerCase();
  return first;
}
