import type { V1Pod } from "@kubernetes/client-node";
import { kubernetesSettings } from "../../src/city/kubernetes-settings.ts";
import { silentLog } from "../../src/lib/log.ts";
import { problemOf } from "../../src/lib/problem.ts";
import type { SessionProvider } from "../../src/sessions/session-provider.ts";
import { openKubernetesSessions } from "../../src/sessions/kubernetes/kubernetes-session-provider.ts";
import type { TestNamespace } from "../cluster/namespace.ts";
import type { Random } from "./random.ts";
import type { SoakCity } from "./soak-city.ts";
import { podsOf } from "./soak-faults.ts";

/** What was done to a city, and what it costs. */
export interface Disturbance {
  readonly words: string;
  /** The UID of the pod that ends by it. */
  readonly ends?: string | undefined;
  /** How many other pods may end. */
  readonly others: number;
}

const kinds = ["scale", "scale", "resize", "drain", "drain", "delete", "end", "work", "nothing"] as const;

/** Gives the controllers of a city something to do. `cities` are its copies. KUBECONFIG is the cluster. */
export async function disturb(
  cities: readonly [SoakCity, ...SoakCity[]],
  namespace: TestNamespace,
  random: Random,
): Promise<Disturbance> {
  const [first] = cities;
  const kind = random.of(kinds);
  const number = random.below(7);
  const pods = await first.pods();
  if (kind === "nothing") return { words: kind, others: 0 };
  if (kind === "scale") {
    const coder = 1 + number;
    for (const city of cities) await city.resize({ ...city.sizes, coder });
    return { words: `${coder} coders`, others: Math.max(0, podsOf("coder", pods).length - coder) };
  }
  if (kind === "resize") {
    const reviewer = 1 + ((first.sizes.reviewer + (number % 2)) % 3);
    for (const city of cities) await city.resize({ ...city.sizes, reviewer });
    return { words: `${reviewer} reviewers`, others: podsOf("reviewer", pods).length };
  }
  if (kind === "work") {
    const done = first.clerkHasWork;
    for (const city of cities) await (done ? city.closeWorkOfClerk() : city.addWork("clerk"));
    return { words: `the clerk ${done ? "has finished its work" : "has work"}`, others: 0 };
  }
  const victim = random.of(await strong(cities, pods));
  const name = victim?.metadata?.name;
  if (name === undefined) return { words: "nothing, as all have died often", others: 0 };
  const ends = victim?.metadata?.uid;
  if (kind === "delete") {
    await namespace.core
      .deleteNamespacedPod({ namespace: namespace.name, name, gracePeriodSeconds: 0 })
      .catch(() => undefined);
    return { words: `${name} deleted`, ends, others: 0 };
  }
  await inNamespace(namespace, (sessions) =>
    // The agent is cat, which ends with Ctrl-D.
    kind === "drain" ? sessions.setMeta(name, "GC_DRAIN_ACK", "1") : sessions.sendKeys(name, ["C-d"]),
  );
  return { words: `${name} ${kind === "drain" ? "says that it has drained" : "ended"}`, ends, others: 0 };
}

/** Pods whose sessions may die once more without being put into quarantine, which is right, but takes five minutes. */
async function strong(
  cities: readonly SoakCity[],
  pods: readonly V1Pod[],
): Promise<readonly [V1Pod | undefined, ...V1Pod[]]> {
  const records = (await Promise.all(cities.map((city) => city.records()))).flat();
  const weak = records.filter(({ wakeAttempts, churnCount }) => wakeAttempts > 2 || churnCount > 1);
  const [one, ...others] = pods.filter(({ metadata }) => !weak.some(({ session }) => session === metadata?.name));
  return [one, ...others];
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
    // Of rivals one may have been the first to end it.
    if (!["session-missing", "tmux-failed"].includes(problemOf(error).code)) throw error;
  } finally {
    sessions.dispose();
  }
}
