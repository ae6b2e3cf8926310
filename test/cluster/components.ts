import { join } from "node:path";
import type { Binaries } from "./binaries.ts";
import { podsCgroup } from "./cgroups.ts";
import { type Network, bridge } from "./network.ts";
import { registryConfig } from "./images.ts";

/** Everything the parts of the cluster have to agree on. */
export interface ClusterPlan {
  /** The folder that everything lives in. */
  readonly folder: string;
  readonly binaries: Binaries;
  readonly network: Network;
  readonly nodeName: string;
  readonly ports: Readonly<
    Record<"apiserver" | "etcd" | "etcdPeer" | "registry" | "kubelet" | "dnsHealth" | "dnsReady", number>
  >;
  readonly imageStorage: string;
  /** With the registry's address. */
  readonly pauseImage: string;
}

/** A program to run, with the files it reads. */
export interface Component {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Text by absolute path, written before the start. */
  readonly files?: Readonly<Record<string, string>>;
}

/** containerd's socket. */
export function containerdSocket(folder: string): string {
  return join(folder, "containerd.sock");
}

/** The parts that must run before the API server. */
export function foundation(plan: ClusterPlan): readonly Component[] {
  return [containerd(plan), etcd(plan), registry(plan)];
}

/** The API server alone. */
export function apiServer(plan: ClusterPlan): Component {
  const { network, ports } = plan;
  const certificate = certificateIn(plan);
  return kube(plan, "kube-apiserver", [
    "--bind-address=0.0.0.0",
    `--secure-port=${ports.apiserver}`,
    `--advertise-address=${network.node}`,
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    `--service-cluster-ip-range=${network.serviceRange}`,
    "--kubelet-preferred-address-types=InternalIP,Hostname",
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    `--client-ca-file=${certificate("ca.crt")}`,
    `--tls-cert-file=${certificate("apiserver.crt")}`,
    `--tls-private-key-file=${certificate("apiserver.key")}`,
    `--kubelet-certificate-authority=${certificate("ca.crt")}`,
    `--kubelet-client-certificate=${certificate("apiserver-kubelet.crt")}`,
    `--kubelet-client-key=${certificate("apiserver-kubelet.key")}`,
    `--service-account-key-file=${certificate("service-account.key")}`,
    `--service-account-signing-key-file=${certificate("service-account.key")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
  ]);
}

/** The parts that need the API server. */
export function clients(plan: ClusterPlan): readonly Component[] {
  const certificate = certificateIn(plan);
  return [
    kube(plan, "kube-controller-manager", [
      `--kubeconfig=${certificate("controller-manager.kubeconfig")}`,
      "--use-service-account-credentials",
      `--root-ca-file=${certificate("ca.crt")}`,
      `--service-account-private-key-file=${certificate("service-account.key")}`,
      "--enable-hostpath-provisioner",
      "--leader-elect=false",
      "--secure-port=0",
    ]),
    kube(plan, "kube-scheduler", [
      `--kubeconfig=${certificate("scheduler.kubeconfig")}`,
      "--leader-elect=false",
      "--secure-port=0",
    ]),
    kubelet(plan),
    kubeProxy(plan),
    coredns(plan),
  ];
}

function containerd({ folder, pauseImage, ports }: ClusterPlan): Component {
  const config = join(folder, "containerd.toml");
  const cni = join(folder, "cni");
  // Without CAP_SYS_RESOURCE oom_score_adj cannot be lowered; network namespaces below our own folder are easy to find again.
  const text = `version = 2
root = "${folder}/containerd/root"
state = "${folder}/containerd/state"
[grpc]
  address = "${containerdSocket(folder)}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${cni}"
  [plugins."io.containerd.grpc.v1.cri".registry.mirrors."127.0.0.1:${ports.registry}"]
    endpoint = ["http://127.0.0.1:${ports.registry}"]
`;
  return { name: "containerd", file: "containerd", args: ["--config", config], files: { [config]: text } };
}

/** The CNI network of the pods, for the folder `cni`. No masquerading: a pod has no way out of this machine. */
export function cniConfig({ folder, network }: ClusterPlan): string {
  return JSON.stringify({
    cniVersion: "1.0.0",
    name: cniNetwork,
    plugins: [
      {
        type: "bridge",
        bridge,
        isGateway: true,
        ipMasq: false,
        hairpinMode: true,
        ipam: {
          type: "host-local",
          dataDir: join(folder, "cni-addresses"),
          ranges: [[{ subnet: network.podRange }]],
          routes: [{ dst: "0.0.0.0/0" }],
        },
      },
    ],
  });
}

export const cniNetwork = "gascity-test";

function etcd({ folder, ports }: ClusterPlan): Component {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return {
    name: "etcd",
    file: "etcd",
    args: [
      `--data-dir=${join(folder, "etcd")}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      // A throw-away cluster need not survive a power cut, and tests write a lot.
      "--unsafe-no-fsync",
    ],
  };
}

function registry({ folder, imageStorage, ports }: ClusterPlan): Component {
  const config = join(folder, "registry.yaml");
  const text = registryConfig(imageStorage, `127.0.0.1:${ports.registry}`, true);
  return { name: "registry", file: "docker-registry", args: ["serve", config], files: { [config]: text } };
}

function kubelet(plan: ClusterPlan): Component {
  const { folder, network, nodeName, ports } = plan;
  const certificate = certificateIn(plan);
  const config = join(folder, "kubelet.yaml");
  const text = JSON.stringify({
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: network.node,
    port: ports.kubelet,
    healthzPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: certificate("ca.crt") },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: certificate("kubelet.crt"),
    tlsPrivateKeyFile: certificate("kubelet.key"),
    clusterDomain: "cluster.local",
    clusterDNS: [network.dnsService],
    // The machine's own resolvers are out of the pods' reach.
    resolvConf: "",
    containerRuntimeEndpoint: `unix://${containerdSocket(folder)}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: podsCgroup,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    makeIPTablesUtilChains: false,
    maxPods: 200,
    podLogsDir: join(folder, "pod-logs"),
    featureGates: { KubeletInUserNamespace: true },
    evictionHard: {
      "memory.available": "50Mi",
      "nodefs.available": "1%",
      "imagefs.available": "1%",
      "nodefs.inodesFree": "1%",
    },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    registerNode: true,
    // Tests wait for pods: one pull must not hold up the next pod's, and bursts of events are what they ask for.
    serializeImagePulls: false,
    eventRecordQPS: 0,
  });
  return {
    ...kube(plan, "kubelet", [
      `--config=${config}`,
      `--kubeconfig=${certificate("kubelet.kubeconfig")}`,
      `--root-dir=${join(folder, "kubelet")}`,
      `--cert-dir=${join(folder, "kubelet-certificates")}`,
      `--hostname-override=${nodeName}`,
      // With a loopback address the node gets no InternalIP, and exec cannot reach it.
      `--node-ip=${network.node}`,
    ]),
    files: { [config]: text },
  };
}

function kubeProxy(plan: ClusterPlan): Component {
  const { folder, network, nodeName } = plan;
  const config = join(folder, "kube-proxy.yaml");
  const text = JSON.stringify({
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "nftables",
    bindAddress: network.node,
    hostnameOverride: nodeName,
    clientConnection: { kubeconfig: certificateIn(plan)("proxy.kubeconfig") },
    clusterCIDR: network.podRange,
    // A machine's own connection tracking is not ours to change.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    metricsBindAddress: "",
    healthzBindAddress: "",
  });
  return { ...kube(plan, "kube-proxy", [`--config=${config}`]), files: { [config]: text } };
}

function coredns(plan: ClusterPlan): Component {
  const { folder, network, ports, binaries } = plan;
  const config = join(folder, "Corefile");
  const text = `.:53 {
  bind ${network.node}
  errors
  health 127.0.0.1:${ports.dnsHealth}
  ready 127.0.0.1:${ports.dnsReady}
  cache 5
  kubernetes cluster.local {
    kubeconfig ${certificateIn(plan)("admin.kubeconfig")}
  }
}
`;
  return { name: "coredns", file: binaries.coredns, args: ["-conf", config], files: { [config]: text } };
}

function kube({ binaries }: ClusterPlan, name: string, args: readonly string[]): Component {
  return { name, file: binaries.kube, args: [name, ...args] };
}

function certificateIn({ folder }: ClusterPlan): (file: string) => string {
  return (file) => join(folder, "pki", file);
}
