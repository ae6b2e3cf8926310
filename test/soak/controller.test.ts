import { env } from "node:process";
import { afterEach, expect, it, vi } from "vitest";
import { createNamespace } from "../cluster/namespace.ts";
import { crashSoak } from "./crash-soak.ts";
import { Random } from "./random.ts";
import { rivalControllers } from "./rival-controllers.ts";

const seed = Number(env["GASCITY_SOAK_SEED"] ?? Date.now() % 1_000_000);
afterEach(() => vi.unstubAllEnvs());

function useCluster(): void {
  vi.stubEnv("KUBECONFIG", env["GASCITY_TEST_KUBECONFIG"]);
  console.log(`To run it again: GASCITY_SOAK_SEED=${seed} npm run test:soak`);
}

it("finds every session, and no other, each time its controller is killed", async () => {
  useCluster();
  const { recoveries, failures } = await crashSoak({ rounds: 20, cities: 3, seed }, console.log);
  expect(failures).toEqual([]);
  expect(recoveries).toHaveLength(20);
});

it("has one writer at a time, whoever of its controllers is killed or stopped", async () => {
  useCluster();
  await using namespace = await createNamespace();
  const result = await rivalControllers(namespace, {
    count: 2,
    duration: 60_000,
    random: new Random(seed),
    tell: console.log,
  });
  expect(result).toMatchObject({ trespasses: [], doubled: [], lost: [] });
  expect(result.writes).toBeGreaterThan(0);
});
