import { afterAll, beforeAll, vi } from "vitest";
import { type KubernetesConnection, openConnection } from "../../src/kubernetes/connection.ts";
import { type TestNamespace, createNamespace } from "./namespace.ts";

/** A namespace for all tests of a file, and a connection to its cluster; both are there once the tests run. */
export function connectedNamespace(): { readonly namespace: TestNamespace; readonly connection: KubernetesConnection } {
  const made = {} as { namespace: TestNamespace; connection: KubernetesConnection };
  beforeAll(async () => {
    made.namespace = await createNamespace();
    vi.stubEnv("KUBECONFIG", made.namespace.kubeconfig);
    made.connection = openConnection();
  });
  afterAll(async () => {
    made.connection.dispose();
    vi.unstubAllEnvs();
    await made.namespace[Symbol.asyncDispose]();
  });
  return made;
}
