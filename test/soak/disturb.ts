import { kubernetesSettings } from "../../src/city/kubernetes-settings.ts";
import { silentLog } from "../../src/lib/log.ts";
import { problemOf } from "../../src/lib/problem.ts";
import type { SessionProvider } from "../../src/sessions/session-provider.ts";
import { openKubernetesSessions } from "../../src/sessions/kubernetes/kubernetes-session-provider.ts";
import type { TestNamespace } from "../cluster/namespace.ts";
import type { Random } from "./random.ts";
import type { SoakCity } from "./soak-city.ts";

/** Gives the controllers of a city something to do, and returns what in words. `cities` are its copies. KUBECONFIG is the cluster. */
export async function disturb(cities: readonly SoakCity[], namespace: TestNamespace, random: Random): Promise<string> {
  const change = random.of(["scale", "drain", "delete", "end", "nothing"]);
  // A pool whose size changes is restarted whole, as gc does it: its size is part of what a session is started from.
  const coder = 3 + random.below(5);
  const place = random.below(8);
  if (change === "nothing") return change;
  if (change === "scale") {
    for (const city of cities) await city.resize({ coder, reviewer: 3 });
    return `${coder} coders`;
  }
  const names = (await cities[0]?.pods())?.map(({ metadata }) => metadata?.name ?? "") ?? [];
  const victim = names[place % names.length] ?? "";
  if (change === "delete") {
    await namespace.core
      .deleteNamespacedPod({ namespace: namespace.name, name: victim, gracePeriodSeconds: 0 })
      .catch(() => undefined);
    return `${victim} deleted`;
  }
  await inNamespace(namespace, (sessions) =>
    // The agent is cat, which ends with Ctrl-D.
    change === "drain" ? sessions.setMeta(victim, "GC_DRAIN_ACK", "1") : sessions.sendKeys(victim, ["C-d"]),
  );
  return `${victim} ${change === "drain" ? "says that it has drained" : "ended"}`;
}

async function inNamespace(
  { name, image }: TestNamespace,
  act: (sessions: SessionProvider) => Promise<void>,
): Promise<void> {
  const sessions = openKubernetesSessions({
    settings: kubernetesSettings({ namespace: name, image }, {}),
    log: silentLog,
  });
  try {
    await act(sessions);
  } catch (error) {
    // The controller may have been the first to end it.
    if (problemOf(error).code !== "session-missing") throw error;
  } finally {
    sessions.dispose();
  }
}
