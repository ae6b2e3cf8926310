import type { TestNamespace } from "../cluster/namespace.ts";
import { createNamespace } from "../cluster/namespace.ts";
import { killController } from "./kill-controller.ts";
import { Random } from "./random.ts";

/** How long the city took to be well after each kill, in milliseconds, shortest first, and what went wrong. */
export interface CrashSoak {
  readonly recoveries: readonly number[];
  readonly failures: readonly string[];
}

/**
 * Kills controllers so many times in all, in several cities at once, each in a namespace of its own: most of the time is
 * spent waiting for leases of the dead. The same seed gives the same changes and delays.
 */
export async function crashSoak(
  { kills, cities, seed }: { readonly kills: number; readonly cities: number; readonly seed: number },
  tell: (line: string) => void,
): Promise<CrashSoak> {
  const failures: string[] = [];
  const recoveries = await Promise.all(
    Array.from({ length: cities }, async (_, index) => {
      const share = Math.floor((kills + index) / cities);
      await using namespace: TestNamespace = await createNamespace();
      try {
        return await killController(namespace, share, new Random(seed + index), tell);
      } catch (error) {
        failures.push(`seed ${seed}, city ${index}: ${String(error)}`);
        return [];
      }
    }),
  );
  return { recoveries: recoveries.flat().toSorted((a, b) => a - b), failures };
}

/** The value that so much of all, from 0 to 1, do not exceed; 0 of none. */
export function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}
