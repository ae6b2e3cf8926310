import { loadavg } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { V1Pod } from "@kubernetes/client-node";
import type { TestNamespace } from "../cluster/namespace.ts";
import { ControllerProcess } from "./controller-process.ts";
import type { Random } from "./random.ts";
import { type Disturbance, disturb } from "./disturb.ts";
import { SoakCity } from "./soak-city.ts";
import { doubledPods, podsOf } from "./soak-faults.ts";

/** Controllers that were killed, and how long the city took to be well after each but those killed before, in milliseconds. */
export interface Kills {
  readonly kills: number;
  readonly recoveries: readonly number[];
  /** Those that took too long, in words. */
  readonly late: readonly string[];
}

/** How long a city may take until all is as it shall be, once its controller runs again. In milliseconds. */
const recoveryLimit = 30_000;
/** How long until it counts as stuck, also on a machine on which every process waits for a processor; or until the first eight pods run. */
const patience = 120_000;
/** How long what a controller does to a city may have gone on when it is killed. */
const killWithin = 3000;
/** Well is what stays so for longer than an agent that is not needed may take to finish. */
const calm = 3000;

/**
 * Kills the controller of a city of eight sessions at random moments, while the city changes, and at times the one after it,
 * too, until the city has been well so many times. Fails with all that is wrong when the city is stuck, when a session ever
 * has two pods, or when a pod has ended that need not.
 */
export async function killController(
  namespace: TestNamespace,
  rounds: number,
  random: Random,
  tell: (line: string) => void,
): Promise<Kills> {
  await using city = await SoakCity.make(namespace, { coder: 4, reviewer: 3 });
  const own = { KUBECONFIG: namespace.kubeconfig };
  let controller = new ControllerProcess(city.root, own);
  const replace = async (): Promise<void> => {
    await controller.kill();
    controller = new ControllerProcess(city.root, own);
  };
  let kills = 0;
  const recoveries: number[] = [];
  const late: string[] = [];
  try {
    await settled(city, controller, { words: "begun", others: 0 });
    for (let round = 1; round <= rounds; round += 1) {
      const before = await staying(city);
      const change = await disturb([city], namespace, random);
      const deaths = random.below(4) === 0 ? 2 : 1;
      for (let death = 0; death < deaths; death += 1) {
        await delay(random.below(killWithin));
        await replace();
        kills += 1;
      }
      const took = await settled(city, controller, change);
      recoveries.push(took);
      const times = deaths === 1 ? "" : ", killed twice";
      const result = `${change.words}${times}; well after ${Math.round(took)} ms at load ${loadavg()[0]?.toFixed(0)}`;
      tell(`${namespace.name} ${round} of ${rounds}: ${result}`);
      if (took > recoveryLimit) late.push(`too late: ${result}`);
      const after = new Set((await city.pods()).map(({ metadata }) => metadata?.uid));
      const ended = before.filter(({ metadata }) => metadata?.uid !== change.ends && !after.has(metadata?.uid));
      if (ended.length > change.others) {
        const names = ended.map(({ metadata }) => metadata?.name).join(", ");
        throw new Error(`${names} ended after: ${change.words}`);
      }
    }
  } catch (error) {
    city.keep();
    throw new Error(`${String(error)} (see ${city.root})`, { cause: error });
  } finally {
    await controller.kill();
  }
  return { kills, recoveries, late };
}

/** Pods that have no reason of their own to end: a clerk without work has. */
async function staying(city: SoakCity): Promise<readonly V1Pod[]> {
  const pods = await city.pods();
  const clerks = podsOf("clerk", pods);
  return pods.filter((pod) => !clerks.includes(pod));
}

/**
 * Waits until the controller controls the city, nothing is wrong, and it stays so, and looks for doubled pods meanwhile; how
 * long it took until then, in milliseconds.
 */
async function settled(city: SoakCity, controller: ControllerProcess, { words, ends }: Disturbance): Promise<number> {
  const begun = performance.now();
  let wellAt: number | undefined;
  for (;;) {
    const { control, problem } = controller.news;
    const acts = control === "controlling" && problem === "";
    const pods = await city.pods();
    const remains = pods.some(({ metadata }) => metadata?.uid === ends) ? [`${words}, and its pod is there`] : [];
    const faults = [
      ...(acts ? [] : [`The controller says ${control} ${problem}`]),
      ...(ends === undefined ? [] : remains),
      ...(await city.faults(pods)),
    ];
    const doubled = doubledPods(pods);
    const passed = performance.now() - begun;
    if (doubled.length > 0) throw new Error(`After ${Math.round(passed)} ms: ${doubled.join("; ")}`);
    wellAt = faults.length === 0 ? (wellAt ?? passed) : undefined;
    if (wellAt !== undefined && passed - wellAt >= calm) return wellAt;
    if (wellAt === undefined && passed > patience) {
      throw new Error(`${Math.round(passed)} ms after "${words}": ${faults.join("; ")}`);
    }
    await delay(100);
  }
}
