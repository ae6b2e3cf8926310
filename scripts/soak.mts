import { argv, env } from "node:process";
import { leaseCluster } from "../test/cluster/cluster.ts";
import { createNamespace } from "../test/cluster/namespace.ts";
import { crashSoak, quantile } from "../test/soak/crash-soak.ts";
import { Random } from "../test/soak/random.ts";
import { rivalControllers } from "../test/soak/rival-controllers.ts";

// Kills, stops and misleads controllers on the test cluster for a long time: npm run soak -- controller [KILLS [SEED]].
const rivalry = 600_000;
const [, , name, kills = "200", seed = String(Date.now() % 1_000_000)] = argv;

if (name === "controller") process.exitCode = await soak(Number(kills), Number(seed));
else {
  console.error("Usage: npm run soak -- controller [KILLS [SEED]]");
  process.exitCode = 2;
}

async function soak(count: number, start: number): Promise<number> {
  console.log(`To run it again: npm run soak -- controller ${count} ${start}`);
  await using lease = await leaseCluster((step) => console.log(`cluster: ${step}`));
  Object.assign(env, {
    KUBECONFIG: lease.kubeconfig,
    GASCITY_TEST_KUBECONFIG: lease.kubeconfig,
    GASCITY_TEST_IMAGE: lease.image,
  });
  const { recoveries, failures } = await crashSoak({ kills: count, cities: 4, seed: start }, console.log);
  const seconds = (part: number): string => `${(quantile(recoveries, part) / 1000).toFixed(1)} s`;
  console.log(
    `${recoveries.length} kills survived; recovery p50 ${seconds(0.5)}, p95 ${seconds(0.95)}, most ${seconds(1)}`,
  );
  for (const failure of failures) console.error(failure);
  let good = failures.length === 0;
  for (const contenders of [2, 3]) {
    await using namespace = await createNamespace();
    const options = { count: contenders, duration: rivalry, random: new Random(start + contenders), tell: console.log };
    const result = await rivalControllers(namespace, options);
    console.log(`${contenders} controllers:`, result);
    good &&= result.trespasses.length === 0 && result.doubled.length === 0;
  }
  return good ? 0 : 1;
}
