import { readFile, writeFile } from "node:fs/promises";
import { runCommand, tryCommand } from "../machine/run-command.ts";

/** The addresses of one cluster, all in one 10.N.0.0/16 that this machine has no route to. */
export interface Network {
  /** The machine's own address on the bridge: the node, the API server for pods, and DNS. */
  readonly node: string;
  readonly podRange: string;
  readonly serviceRange: string;
  /** The Service `kubernetes`: always the first of the range. */
  readonly kubernetesService: string;
  readonly dnsService: string;
}

export const bridge = "gascity0";
const forwarding = "/proc/sys/net/ipv4/ip_forward";

/** Chooses addresses that nothing on this machine is routed to. */
export async function chooseNetwork(): Promise<Network> {
  const { stdout } = await runCommand("ip", ["-4", "route"]);
  for (let second = 244; second > 200; second--) {
    if (stdout.includes(`10.${second}.`)) continue;
    return {
      node: `10.${second}.0.1`,
      podRange: `10.${second}.0.0/24`,
      serviceRange: `10.${second}.128.0/17`,
      kubernetesService: `10.${second}.128.1`,
      dnsService: `10.${second}.128.10`,
    };
  }
  throw new Error(
    "All of 10.201.0.0/16 to 10.244.0.0/16 are routed on this machine: remove a virtual network and try again",
  );
}

/** Whether the machine forwards packets, as the kernel spells it. */
export async function readForwarding(): Promise<string> {
  return (await readFile(forwarding, "utf8")).trim();
}

/** Puts forwarding to `value`, as `readForwarding` gave it. */
export async function setForwarding(value: string): Promise<void> {
  await writeFile(forwarding, value);
}

/** Makes the bridge that pods hang on; the CNI plugin uses it as it finds it. */
export async function makeBridge(network: Network): Promise<void> {
  await runCommand("ip", ["link", "add", bridge, "type", "bridge"]);
  await runCommand("ip", ["address", "add", `${network.node}/24`, "dev", bridge]);
  await runCommand("ip", ["link", "set", bridge, "up"]);
  await setForwarding("1");
}

/** Removes the bridge, what hangs on it, and kube-proxy's own packet filter tables. */
export async function removeNetwork(): Promise<void> {
  const { stdout } = await tryCommand("ip", ["-json", "link", "show", "master", bridge]);
  const ports = stdout.trim() ? (JSON.parse(stdout) as { ifname?: string }[]) : [];
  for (const { ifname } of ports) if (ifname) await tryCommand("ip", ["link", "delete", ifname]);
  await tryCommand("ip", ["link", "delete", bridge]);
  for (const family of ["ip", "ip6"]) await tryCommand("nft", ["delete", "table", family, "kube-proxy"]);
}
