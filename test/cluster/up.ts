import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { env, getuid, platform } from "node:process";
import { ensureDebianPackages } from "../machine/debian-packages.ts";
import { freePort } from "../machine/free-port.ts";
import { runCommand } from "../machine/run-command.ts";
import { callApi, createObject } from "./api.ts";
import { clusterBinaries } from "./binaries.ts";
import { makeCertificates } from "./certificates.ts";
import { makePodsCgroup } from "./cgroups.ts";
import {
  type ClusterState,
  clusterFolder,
  isRunning,
  readClusterState,
  sharedFolders,
  startTimeOf,
  writeClusterState,
} from "./cluster-state.ts";
import {
  type ClusterPlan,
  type Component,
  apiServer,
  clients,
  cniConfig,
  containerdSocket,
  foundation,
} from "./components.ts";
import { removeCluster } from "./down.ts";
import { clusterImages } from "./images.ts";
import { bridge, chooseNetwork, makeBridge, readForwarding } from "./network.ts";
import { processMark } from "./process-mark.ts";
import { waitFor } from "./wait-for.ts";

const requirements = [
  { debianPackage: "containerd", provides: "/usr/bin/containerd" },
  { debianPackage: "runc", provides: "/usr/sbin/runc" },
  { debianPackage: "containernetworking-plugins", provides: "/usr/lib/cni/bridge" },
  { debianPackage: "etcd-server", provides: "/usr/bin/etcd" },
  { debianPackage: "docker-registry", provides: "/usr/bin/docker-registry" },
  { debianPackage: "skopeo", provides: "/usr/bin/skopeo" },
  { debianPackage: "nftables", provides: "/usr/sbin/nft" },
  { debianPackage: "iproute2", provides: "/usr/bin/ip" },
  { debianPackage: "kmod", provides: "/usr/bin/kmod" },
  { debianPackage: "debootstrap", provides: "/usr/sbin/debootstrap" },
  { debianPackage: "openssl", provides: "/usr/bin/openssl" },
  { debianPackage: "libicu-dev", provides: "/usr/include/unicode/uversion.h" },
  { debianPackage: "g++", provides: "/usr/bin/g++" },
];

/** Says what keeps this machine from running the cluster, and installs what it lacks. */
export async function prepareMachine(): Promise<void> {
  if (platform !== "linux" || getuid?.() !== 0) {
    throw new Error(
      "The test cluster needs root on Linux: run as root, or set GASCITY_TEST_KUBECONFIG to a cluster you have",
    );
  }
  await ensureDebianPackages(requirements);
}

/** Brings the cluster up, or finds it up. Reports each step through `report`. The caller holds the lock. */
export async function bringUp(report: (step: string) => void): Promise<{ state: ClusterState; started: boolean }> {
  const before = await readClusterState();
  if (before?.complete && before.processes.every((process) => isRunning(process)))
    return { state: before, started: false };
  if (before) {
    report("removing what an earlier run left");
    await removeCluster();
  }
  report("programs");
  const binaries = await clusterBinaries();
  report("images");
  const images = await clusterImages(binaries);

  const folder = clusterFolder();
  const ports = {
    apiserver: await freePort(),
    etcd: await freePort(),
    etcdPeer: await freePort(),
    registry: await freePort(),
    kubelet: await freePort(),
    dnsHealth: await freePort(),
    dnsReady: await freePort(),
  };
  const registry = `127.0.0.1:${ports.registry}`;
  const network = await chooseNetwork();
  const nodeName = "gascity-test";
  const plan: ClusterPlan = {
    folder,
    binaries,
    network,
    nodeName,
    ports,
    imageStorage: images.storage,
    pauseImage: `${registry}/${images.pause}`,
  };
  const server = `https://127.0.0.1:${ports.apiserver}`;
  let state: ClusterState = {
    kubeconfig: join(folder, "kubeconfig"),
    image: `${registry}/${images.agent}`,
    newTmuxImage: `${registry}/${images.newTmux}`,
    registry,
    apiServer: server,
    bridge,
    ipForward: await readForwarding(),
    foreignFolders: sharedFolders.filter((path) => existsSync(path)),
    processes: [],
    complete: false,
    kept: before?.kept ?? false,
    users: before?.users ?? [],
  };
  await writeClusterState(state);
  const start = async (component: Component): Promise<void> => {
    state = { ...state, processes: [...state.processes, await startComponent(component, folder)] };
    await writeClusterState(state);
  };

  report("certificates and network");
  const certificates = await makeCertificates(join(folder, "pki"), {
    node: network.node,
    nodeName,
    service: network.kubernetesService,
  });
  for (const name of ["controller-manager", "scheduler", "kubelet", "proxy", "admin"]) {
    await writeFile(join(folder, "pki", `${name}.kubeconfig`), await certificates.kubeconfig(name, server), {
      mode: 0o600,
    });
  }
  await writeFile(state.kubeconfig, await certificates.kubeconfig("admin", server), { mode: 0o600 });
  await makePodsCgroup();
  await makeBridge(network);
  await mkdir(join(folder, "cni"), { recursive: true });
  await writeFile(join(folder, "cni", "10-gascity.conflist"), cniConfig(plan));

  report("API server");
  for (const component of foundation(plan)) await start(component);
  await start(apiServer(plan));
  await waitFor(
    "The API server",
    async () => (await callApi(state.kubeconfig, "GET", "/readyz")).status === 200,
    90_000,
  );
  report("node");
  for (const component of clients(plan)) await start(component);
  await createSystemObjects(state.kubeconfig, network);
  await Promise.all([
    waitFor(
      "The node",
      async () =>
        (await callApi(state.kubeconfig, "GET", `/api/v1/nodes/${nodeName}`)).body.includes(
          '"type":"Ready","status":"True"',
        ),
      90_000,
    ),
    pullImages(folder, [plan.pauseImage, state.image, state.newTmuxImage]),
  ]);
  // Pods need it; the controller manager makes it for each namespace once it is at work.
  await waitFor(
    "The default service account",
    async () => {
      const path = "/api/v1/namespaces/default/serviceaccounts/default";
      return (await callApi(state.kubeconfig, "GET", path)).status === 200;
    },
    60_000,
  );
  state = { ...state, complete: true };
  await writeClusterState(state);
  return { state, started: true };
}

async function startComponent(component: Component, folder: string): Promise<ClusterState["processes"][number]> {
  for (const [path, text] of Object.entries(component.files ?? {})) await writeFile(path, text, { mode: 0o600 });
  const log = openSync(join(folder, `${component.name}.log`), "a");
  const child = spawn(component.file, component.args, {
    detached: true,
    stdio: ["ignore", log, log],
    cwd: folder,
    env: { PATH: env["PATH"], HOME: folder, [processMark]: folder },
  });
  closeSync(log);
  await once(child, "spawn");
  child.unref();
  const pid = child.pid ?? 0;
  return { name: component.name, pid, startTime: startTimeOf(pid) ?? "" };
}

/** containerd keeps what it pulled from here on, so that the first pod of a test does not wait for 400 MB. */
async function pullImages(folder: string, images: readonly string[]): Promise<void> {
  const ctr = ["--address", containerdSocket(folder), "--namespace", "k8s.io"];
  for (const image of images) await runCommand("ctr", [...ctr, "images", "pull", "--plain-http", image]);
}

async function createSystemObjects(
  kubeconfig: string,
  network: { readonly node: string; readonly dnsService: string },
): Promise<void> {
  const dnsPorts = [
    { name: "dns", port: 53, protocol: "UDP" },
    { name: "dns-tcp", port: 53, protocol: "TCP" },
  ];
  await createObject(kubeconfig, "/api/v1/namespaces/kube-system/services", {
    metadata: { name: "kube-dns" },
    spec: { clusterIP: network.dnsService, ports: dnsPorts },
  });
  await createObject(kubeconfig, "/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices", {
    metadata: { name: "kube-dns", labels: { "kubernetes.io/service-name": "kube-dns" } },
    addressType: "IPv4",
    ports: dnsPorts,
    endpoints: [{ addresses: [network.node], conditions: { ready: true } }],
  });
  await createObject(kubeconfig, "/apis/storage.k8s.io/v1/storageclasses", {
    metadata: { name: "standard", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: "kubernetes.io/host-path",
  });
}
