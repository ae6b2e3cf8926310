import { argv, env, exit, stdout } from "node:process";
import { leaseCluster } from "../test/cluster/cluster.ts";
import { createNamespace } from "../test/cluster/namespace.ts";
import { type CrashSoak, crashSoak, quantile } from "../test/soak/crash-soak.ts";
import { Random } from "../test/soak/random.ts";
import { type Rivalry, rivalControllers } from "../test/soak/rival-controllers.ts";

// Kills, stops and misleads controllers on the test cluster for a long time: npm run soak -- controller [TIMES [SEED]].
const rivalry = 600_000;
const [, , name, times = "200", seed = String(Date.now() % 1_000_000)] = argv;

if (name === "controller") {
  const code = await soak(Number(times), Number(seed));
  // Node's own clean-up may wait for ever for a request of a connection that was cut, and use a whole processor for it.
  stdout.write("", () => exit(code));
} else {
  console.error("Usage: npm run soak -- controller [TIMES [SEED]]");
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
  const begun = performance.now();
  const tell = (line: string): void => console.log(`${Math.round((performance.now() - begun) / 1000)} s: ${line}`);
  const crashes = await crashSoak({ rounds: count, cities: 3, seed: start }, tell);
  const summary = [crashesInWords(crashes)];
  tell(crashesInWords(crashes));
  const failures = [...crashes.failures];
  for (const contenders of [2, 3]) {
    const random = new Random(start + contenders);
    try {
      await using namespace = await createNamespace();
      const result = await rivalControllers(namespace, { count: contenders, duration: rivalry, random, tell });
      summary.push(`${contenders} controllers: ${rivalryInWords(result)}`);
      tell(rivalryInWords(result));
      failures.push(...result.trespasses, ...result.doubled, ...result.lost);
    } catch (error) {
      failures.push(`${contenders} controllers, seed ${start}: ${String(error)}`);
      tell(failures.at(-1) ?? "");
    }
  }
  console.log(`\nAfter ${Math.round((performance.now() - begun) / 60_000)} min:`);
  for (const line of summary) console.log(line);
  for (const failure of failures) console.error(failure);
  console.log(failures.length === 0 ? "Nothing went wrong." : `${failures.length} things went wrong.`);
  return failures.length === 0 ? 0 : 1;
}

function crashesInWords({ kills, recoveries }: CrashSoak): string {
  const seconds = (part: number): string => `${(quantile(recoveries, part) / 1000).toFixed(1)} s`;
  return `${kills} kills, ${recoveries.length} recoveries: p50 ${seconds(0.5)}, p95 ${seconds(0.95)}, most ${seconds(1)}`;
}

function rivalryInWords({ kills, pauses, writes, handovers, trespasses, doubled, lost }: Rivalry): string {
  return [
    `${kills} kills, ${pauses} stops, ${writes} writes audited, ${handovers} hand-overs`,
    `${trespasses.length} trespasses, ${doubled.length} doubled pods, ${lost.length} beads lost or changed`,
  ].join(", ");
}
