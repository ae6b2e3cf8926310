/** What a cluster has to choose from. All fail with a ProblemError when it cannot be asked. */
export interface ClusterChoices {
  /** The names of the kubeconfig's contexts, the current one first. */
  contexts(): Promise<readonly string[]>;
  /** The names of all namespaces. `context` is "" for the current one. */
  namespaces(context: string, signal: AbortSignal): Promise<readonly string[]>;
  /** The images of the pods of a namespace. */
  images(context: string, namespace: string, signal: AbortSignal): Promise<readonly string[]>;
}
