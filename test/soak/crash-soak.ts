import type { TestNamespace } from "../cluster/namespace.ts";
import { createNamespace } from "../cluster/namespace.ts";
import { killController } from "./kill-controller.ts";
import { Random } from "./random.ts";

/** What became of cities whose controllers were killed. */
export interface CrashSoak {
  /** How many were killed, with those that died before their city was well. */
  readonly kills: number;
  /** How long the city took to be well after each of the others, in milliseconds, shortest first. */
  readonly recoveries: readonly number[];
  readonly failures: readonly string[];
}

/**
 * Kills controllers until their cities have been well so many times in all: several cities at once, each in a namespace of
 * its own, as most of the time is spent waiting for pods. The same seed gives the same changes and delays.
 */
export async function crashSoak(
  { rounds, cities, seed }: { readonly rounds: number; readonly cities: number; readonly seed: number },
  tell: (line: string) => void,
): Promise<CrashSoak> {
  const failures: string[] = [];
  const all = await Promise.all(
    Array.from({ length: cities }, async (_, index) => {
      const share = Math.floor((rounds + index) / cities);
      await using namespace: TestNamespace = await createNamespace();
      try {
        return await killController(namespace, share, new Random(seed + index), tell);
      } catch (error) {
        const failure = `seed ${seed}, city ${index}: ${String(error)}`;
        tell(failure);
        failures.push(failure);
        return { kills: 0, recoveries: [], late: [] };
      }
    }),
  );
  return {
    kills: all.reduce((sum, { kills }) => sum + kills, 0),
    recoveries: all.flatMap(({ recoveries }) => recoveries).toSorted((a, b) => a - b),
    failures: [...failures, ...all.flatMap(({ late }) => late)],
  };
}

/** The value that so much of all, from 0 to 1, do not exceed; 0 of none. */
export function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}
