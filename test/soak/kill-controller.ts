import { setTimeout as delay } from "node:timers/promises";
import type { TestNamespace } from "../cluster/namespace.ts";
import { ControllerProcess } from "./controller-process.ts";
import type { Random } from "./random.ts";
import { disturb } from "./disturb.ts";
import { SoakCity, doubledPods } from "./soak-city.ts";

/** How long a city may take until all is as it shall be, once its controller runs again: 15 s of them a dead one's lease. In milliseconds. */
const recoveryLimit = 30_000;
/** Until the first eight pods run. */
const beginning = 90_000;
/** How long what a controller does to a city may have gone on when it is killed. */
const killWithin = 3000;

/**
 * Kills the controller of a city of eight sessions at random moments, while the city changes. Returns how long it took
 * after each kill until the city was as it shall be, in milliseconds. Fails with all that is wrong when it takes too long,
 * or when a session ever has two pods.
 */
export async function killController(
  namespace: TestNamespace,
  kills: number,
  random: Random,
  tell: (line: string) => void,
): Promise<readonly number[]> {
  await using city = await SoakCity.make(namespace, { coder: 5, reviewer: 3 });
  const own = { KUBECONFIG: namespace.kubeconfig };
  let controller = new ControllerProcess(city.root, own);
  const recoveries: number[] = [];
  try {
    await settled(city, controller, beginning);
    for (let kill = 1; kill <= kills; kill += 1) {
      const change = await disturb([city], namespace, random);
      await delay(random.below(killWithin));
      await controller.kill();
      controller = new ControllerProcess(city.root, own);
      recoveries.push(await settled(city, controller, recoveryLimit));
      tell(`${namespace.name} kill ${kill}: ${change}; well after ${Math.round(recoveries.at(-1) ?? 0)} ms`);
    }
  } finally {
    await controller.kill();
  }
  return recoveries;
}

/** Waits until the controller controls the city and nothing is wrong, and looks for doubled pods meanwhile; how long it took in milliseconds. */
async function settled(city: SoakCity, controller: ControllerProcess, limit: number): Promise<number> {
  const begun = performance.now();
  for (;;) {
    const { control, problem } = controller.news;
    const acts = control === "controlling" && problem === "";
    const faults = [...(acts ? [] : [`The controller says ${control} ${problem}`]), ...(await city.faults())];
    const doubled = doubledPods(await city.pods());
    const passed = performance.now() - begun;
    if (doubled.length > 0) throw new Error(`After ${Math.round(passed)} ms: ${doubled.join("; ")}`);
    if (faults.length === 0) return passed;
    if (passed > limit) throw new Error(`After ${Math.round(passed)} ms in ${city.root}: ${faults.join("; ")}`);
    await delay(100);
  }
}
