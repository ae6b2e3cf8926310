import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { agent, allRunning, localCities, sessionOf, untilState } from "../../test/local-city.ts";
import { FileBeadStore } from "../beads/file/file-bead-store.ts";
import { beadsFile } from "../beads/file/store-place.ts";
import { askController } from "../controller/control/ask-controller.ts";
import { silentLog } from "../lib/log.ts";
import type { CityRuntime } from "./city-runtime.ts";
import type { CityState } from "./city-state.ts";

const it = localCities();

/** The nets below the pushes are spread every ten seconds, or every minute. */
const net = 10_000;
const unpatrolled = 'patrol_interval = "1h"\nshutdown_timeout = "0s"';
const pool = (more = ""): string => agent("pool", "cat", more);

/** So many sessions are there or about to be. */
const wanted =
  (count: number) =>
  ({ agents }: CityState): boolean =>
    agents.filter(({ phase }) => phase !== "stopped").length === count;

/** The city becomes so because somebody told the controller, and not because it looked. */
async function becomesSo(
  runtime: CityRuntime,
  cause: () => unknown,
  condition: (state: CityState) => boolean,
): Promise<void> {
  const begun = performance.now();
  await cause();
  await untilState(runtime, condition);
  expect(performance.now() - begun).toBeLessThan(net);
}

describe.concurrent("a controller that is told reacts", () => {
  it("to the end of a session", async ({ city }) => {
    await city.write(agent("a"), unpatrolled);
    const runtime = city.open();
    await runtime.startCity();
    const session = sessionOf(await untilState(runtime, allRunning), "a");
    const kill = (): unknown => city.tmux("kill-session", "-t", `=${session}`);
    await becomesSo(runtime, kill, (state) => !allRunning(state));
    await untilState(runtime, allRunning);
  });

  it("to an edit of city.toml", async ({ city }) => {
    await city.write(agent("a"), unpatrolled);
    const runtime = city.open();
    await runtime.startCity();
    await untilState(runtime, allRunning);
    const edit = (): Promise<void> => city.write(agent("a") + agent("b"), unpatrolled);
    await becomesSo(runtime, edit, wanted(2));
  });

  it("to a poke", async ({ city }) => {
    await writeFile(join(city.root, "wanted"), "0");
    await city.write(agent("a") + pool('scale_check = "cat wanted"'), unpatrolled);
    const runtime = city.open();
    await runtime.startCity();
    await untilState(runtime, ({ agents }) => agents[0]?.phase === "running");
    await writeFile(join(city.root, "wanted"), "2");
    const poke = (): unknown => askController(city.root, "poke");
    await becomesSo(runtime, poke, wanted(3));
  });

  it("to work for somebody", async ({ city }) => {
    await city.write(agent("a") + pool(), unpatrolled);
    const runtime = city.open();
    await runtime.startCity();
    await untilState(runtime, ({ agents }) => agents[0]?.phase === "running");
    const beads = new FileBeadStore(await beadsFile(city.root), silentLog);
    const route = (): unknown => beads.create({ title: "Mend the fence", metadata: { "gc.routed_to": "pool" } });
    await becomesSo(runtime, route, wanted(2));
    beads.dispose();
  });
});
