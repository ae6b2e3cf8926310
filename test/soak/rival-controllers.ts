import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { TestNamespace } from "../cluster/namespace.ts";
import { FakeClock } from "../machine/fake-clock.ts";
import { waitFor } from "../cluster/wait-for.ts";
import { Audit, auditedProxy } from "./audit-proxy.ts";
import { ControllerProcess } from "./controller-process.ts";
import { disturb } from "./disturb.ts";
import type { Random } from "./random.ts";
import { SoakCity } from "./soak-city.ts";
import { doubledPods } from "./soak-faults.ts";

/** What became of controllers that contended for one city. */
export interface Rivalry {
  readonly kills: number;
  readonly pauses: number;
  /** Pods that were made or deleted. */
  readonly writes: number;
  /** How often another one took the city. */
  readonly handovers: number;
  /** Writes of a controller that did not have the lease. */
  readonly trespasses: readonly string[];
  /** Two pods of one session, whenever seen. */
  readonly doubled: readonly string[];
  /** Beads that are not as they were, in any of their folders. */
  readonly lost: readonly string[];
}

interface Rival {
  readonly city: SoakCity;
  readonly env: Readonly<Record<string, string>>;
  process: ControllerProcess;
}

/** In milliseconds. */
const limits = { takeOver: 60_000, settled: 60_000, between: 4000 };
/** In hours. */
const clocks = [0, 1, -1] as const;

/**
 * Lets `count` controllers contend for a city, each with its own folder and its own clock, for `duration` milliseconds, and
 * kills them and stops them for longer than the lease lasts. Fails when the city does not come to rest in the end.
 */
export async function rivalControllers(
  namespace: TestNamespace,
  {
    count,
    duration,
    random,
    tell,
  }: {
    readonly count: number;
    readonly duration: number;
    readonly random: Random;
    readonly tell: (line: string) => void;
  },
): Promise<Rivalry> {
  await using own = new AsyncDisposableStack();
  const audit = new Audit();
  const first = own.use(await SoakCity.make(namespace, { coder: 4, reviewer: 3 }));
  const rivals: Rival[] = [];
  for (let index = 0; index < count; index += 1) {
    const city = index === 0 ? first : own.use(await first.copy());
    const proxy = own.use(await auditedProxy(namespace.kubeconfig, `controller ${index}`, audit));
    const kubeconfig = join(city.root, ".gc", "kubeconfig");
    await writeFile(kubeconfig, proxy.kubeconfig);
    const clock = own.use(await FakeClock.make());
    clock.set(clocks[index % clocks.length] ?? 0);
    const env = { KUBECONFIG: kubeconfig, ...clock.env };
    rivals.push({ city, env, process: new ControllerProcess(city.root, env) });
  }
  own.defer(async () => {
    await Promise.all(rivals.map(({ process }) => process.kill()));
  });
  const [one, ...others] = rivals;
  if (!one) throw new Error("Nobody contends");
  const cities = [one, ...others].map(({ city }) => city) as [SoakCity, ...SoakCity[]];
  const controls = ({ process }: Rival): boolean => process.news.control === "controlling";
  const doubled = new Set<string>();
  const watching = new AbortController();
  const watch = lookForDoubled(first, doubled, watching.signal);
  let kills = 0;
  let pauses = 0;
  const settle = (): Promise<void> =>
    waitFor("The city", async () => first.podFaults(await first.pods()).length === 0, limits.settled);
  await waitFor("The city", async () => first.podFaults(await first.pods()).length === 0, 90_000);
  const begun = performance.now();
  const until = begun + duration;
  while (performance.now() < until) {
    // Mostly whoever has the city.
    const holder = rivals.find(controls) ?? one;
    const victim = random.below(4) === 0 ? random.of([one, ...others]) : holder;
    const pause = random.below(2) === 0;
    const { words } = await disturb(cities, namespace, random);
    await delay(random.below(limits.between));
    const states = rivals.map((rival) => rival.process.news.control).join(", ");
    const done = `${Math.round((performance.now() - begun) / 1000)} of ${duration / 1000} s`;
    tell(`${done}: ${pause ? "stops" : "kills"} controller ${rivals.indexOf(victim)} of ${states}: ${words}`);
    if (pause) {
      pauses += 1;
      victim.process.signal("SIGSTOP");
      await waitFor(
        "Another controller",
        async () => rivals.some((rival) => rival !== victim && controls(rival)),
        limits.takeOver,
      );
      await delay(random.below(limits.between));
      victim.process.signal("SIGCONT");
    } else {
      kills += 1;
      await victim.process.kill();
      victim.process = new ControllerProcess(victim.city.root, victim.env);
      await waitFor("A controller", async () => rivals.some(controls), limits.takeOver);
    }
  }
  await settle();
  watching.abort();
  await watch;
  const leases = audit.writes.filter(({ lease, holds }) => lease && holds);
  return {
    kills,
    pauses,
    writes: audit.writes.filter(({ lease }) => !lease).length,
    handovers: leases.filter(({ by }, index) => index > 0 && leases[index - 1]?.by !== by).length,
    trespasses: audit.trespasses(),
    doubled: [...doubled],
    lost: (await Promise.all(cities.map((city) => city.beadFaults()))).flat(),
  };
}

async function lookForDoubled(city: SoakCity, doubled: Set<string>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    for (const words of doubledPods(await city.pods())) doubled.add(words);
    await delay(100);
  }
}
