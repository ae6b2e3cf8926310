import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { FileBeadStore } from "../../src/beads/file/file-bead-store.ts";
import { silentLog } from "../../src/lib/log.ts";
import { WatchedCity } from "./watched-city.ts";

/** Writes ten beads a second until aborted, as agents at work do; how many. */
async function keepWriting(root: string, signal: AbortSignal): Promise<number> {
  const store = new FileBeadStore(join(root, ".gc", "beads.json"), silentLog);
  let count = 0;
  for (; !signal.aborted; count += 1) {
    await store.create({ title: `found on the way ${count}`, type: "task" });
    await delay(100);
  }
  store.dispose();
  return count;
}

it("has forty sessions, and then three, while its beads are written", async () => {
  await using city = await WatchedCity.make({ coder: 1, reviewer: 0 });
  const done = new AbortController();
  const writing = keepWriting(city.city.root, done.signal);
  const took: Record<number, number> = {};
  for (const reviewer of [40, 3]) {
    const begun = performance.now();
    await city.city.resize({ coder: 1, reviewer });
    await city.well();
    took[reviewer] = Math.round(performance.now() - begun);
  }
  done.abort();
  console.log(
    `Sessions, and milliseconds until they were there: ${JSON.stringify(took)}; ${await writing} beads written`,
  );
  expect(city.complaints).toEqual([]);
});
