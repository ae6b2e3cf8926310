/** What needs the Kubernetes client: one bundle of the extension, loaded on first use. */
export { contextNames, namespaceNames, podImages } from "../kubernetes/cluster-lists.ts";
export { openConnection } from "../kubernetes/connection.ts";
export { openKubernetesSessions } from "../sessions/kubernetes/kubernetes-session-provider.ts";
