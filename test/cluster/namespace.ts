import { env } from "node:process";
import type { CoreV1Api } from "@kubernetes/client-node";
import { makeNamespace } from "../machine/kubernetes-namespace.ts";
import { waitFor } from "./wait-for.ts";

/** A namespace of the test cluster that one test has for itself. Disposing it removes it and waits until it is gone. */
export interface TestNamespace extends AsyncDisposable {
  readonly name: string;
  readonly kubeconfig: string;
  readonly image: string;
  /** An agent image with tmux 3.8 or newer, where the command channel is in control mode. */
  readonly newTmuxImage: string;
  /** The client library's own calls, for what a test does behind the product's back. */
  readonly core: CoreV1Api;
}

/** What there is of tmux in the agent images, and which image has it: for what differs between them. */
export const tmuxImages = [
  ["an older tmux", "image"],
  ["tmux 3.8 or newer", "newTmuxImage"],
] as const;

/** Makes a namespace on the cluster that the suite runs on; its pods can run at once. */
export async function createNamespace(): Promise<TestNamespace> {
  const kubeconfig = required("GASCITY_TEST_KUBECONFIG");
  const image = required("GASCITY_TEST_IMAGE");
  const namespace = await makeNamespace(kubeconfig, "gascity-test-");
  const { name, api: core } = namespace;
  // Admission refuses pods until the controller manager has made it.
  await waitFor(
    "The namespace's service account",
    async () =>
      (await core.listNamespacedServiceAccount({ namespace: name })).items.some(
        (account) => account.metadata?.name === "default",
      ),
    30_000,
  );
  return {
    name,
    kubeconfig,
    image,
    get newTmuxImage() {
      return required("GASCITY_TEST_NEW_TMUX_IMAGE");
    },
    core,
    [Symbol.asyncDispose]: () => namespace[Symbol.asyncDispose](),
  };
}

function required(variable: string): string {
  const value = env[variable];
  if (!value) throw new Error(`${variable} is not set: cluster tests run with npm run test:cluster`);
  return value;
}
