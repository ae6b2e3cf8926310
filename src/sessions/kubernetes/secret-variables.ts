import type { V1Secret } from "@kubernetes/client-node";

const secretWord =
  /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|AUTH|KEY|PAT|DSN)S?(?:_|$)|APIKEY$/iu;

/** Not worth a Secret: it tells one start of a session from another, and gc lets everybody read it. */
const harmless: ReadonlySet<string> = new Set(["GC_INSTANCE_TOKEN"]);

/** Whether a variable of this name holds what stands in no pod's spec, because whoever may look at pods would read it. */
export function isSecretVariable(name: string): boolean {
  return secretWord.test(name) && !harmless.has(name);
}

/** The Secret of one pod, which goes with it: values of its variables by their names. */
export function secretOf(
  name: string,
  values: Readonly<Record<string, string>>,
  pod: { readonly podName: string; readonly uid: string },
): V1Secret {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name,
      labels: { app: "gc-agent" },
      ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: pod.podName, uid: pod.uid }],
    },
    immutable: true,
    type: "Opaque",
    stringData: values,
  };
}
