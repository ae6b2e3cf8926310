import { randomBytes } from "node:crypto";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { FileBeadStore } from "../../../src/beads/file/file-bead-store.ts";
import { beadsFile } from "../../../src/beads/file/store-place.ts";
import { askController } from "../../../src/controller/control/ask-controller.ts";
import { silentLog } from "../../../src/lib/log.ts";
import { openCityRuntime } from "../../../src/runtime/open-city-runtime.ts";
import type { CityRuntime } from "../../../src/runtime/city-runtime.ts";
import { waitFor } from "../../cluster/wait-for.ts";
import { LocalTmux } from "../../local-tmux.ts";
import { report, reportHeader, timesOf } from "../measure.ts";

const rounds = 20;
/** In milliseconds. */
const most = 200;
const patience = 30_000;
/** Writes down when it was started, in nanoseconds since the epoch. */
const program = "sh -c 'date +%s%N >> ../started; exec cat'";

/** A city on a tmux server of its own. Nothing in it is looked at but for what was pushed. */
interface PushedCity {
  readonly root: string;
  readonly tmux: (...args: string[]) => string;
  readonly runtime: CityRuntime;
  readonly beads: FileBeadStore;
}

/** Something that a controller shall react to by starting a session; `round` counts from 1. */
type Cause = (city: PushedCity, round: number) => unknown;

/** A session dies; its death is forgotten before the next one, or that would be answered later on purpose. */
const death: Cause = ({ tmux }) => tmux("kill-session", "-t", "=mayor");
const edit: Cause = ({ root }, round) =>
  appendFile(join(root, "city.toml"), agent(`new-${round}`, "min_active_sessions = 1"));
const poke: Cause = async ({ root }, round) => {
  await writeFile(join(root, "../wanted"), String(round));
  await askController(root, "poke");
};
const work: Cause = ({ beads }, round) =>
  beads.create({ title: `Mend fence ${round}`, metadata: { "gc.routed_to": "hand" } });

/** How soon a city on local tmux has another agent's program running after something was pushed to its controller. */
export async function measureReactions(): Promise<void> {
  console.log("\nUntil an agent's program runs, on local tmux");
  reportHeader();
  const causes = { "a session's death": death, "an edit of city.toml": edit, "a poke": poke, "a change of work": work };
  const alone: number[] = [];
  for (const [name, cause] of Object.entries(causes)) report(name, timesOf(await timesAfter(cause, alone)), most);
  report("in the same minutes: tmux new-session alone", timesOf(alone));
}

/** In milliseconds; what a start costs that nobody decides about is added to `alone`. */
async function timesAfter(cause: Cause, alone: number[]): Promise<readonly number[]> {
  const times: number[] = [];
  await using city = await openPushedCity();
  const { runtime, root, tmux } = city;
  const started = join(root, "../started");
  const starts = async (): Promise<readonly string[]> => (await readFile(started, "utf8")).trim().split("\n");
  const untilStarted = async (act: () => unknown): Promise<number> => {
    const before = (await starts()).length;
    const begun = performance.timeOrigin + performance.now();
    await act();
    await waitFor("The start", async () => (await starts()).length > before, patience);
    return Number((await starts())[before]) / 1e6 - begun;
  };
  for (let round = 1; round <= rounds; round++) {
    times.push(await untilStarted(() => cause(city, round)));
    await waitFor("The city", async () => runtime.state.agents.every(({ phase }) => phase !== "starting"), patience);
    await runtime.startAgent("mayor");
    alone.push(await untilStarted(() => tmux("new-session", "-d", "-s", "bare", "-c", root, program)));
    tmux("kill-session", "-t", "=bare");
  }
  return times;
}

async function openPushedCity(): Promise<PushedCity & AsyncDisposable> {
  const own = new AsyncDisposableStack();
  const server = own.adopt(new LocalTmux(), (tmux) => tmux.dispose());
  const socket = `bench-${randomBytes(4).toString("hex")}`;
  const folder = await mkdtemp(join(tmpdir(), "gascity-bench-"));
  own.defer(() => rm(folder, { recursive: true, force: true }));
  const root = await mkdtemp(join(folder, "city-"));
  await writeFile(join(folder, "wanted"), "0");
  await writeFile(join(root, "city.toml"), cityText(socket));
  env["TMUX_TMPDIR"] = server.folder;
  const runtime = own.use(openCityRuntime({ root, env, log: silentLog, kind: "headless" }));
  const beads = own.adopt(new FileBeadStore(await beadsFile(root), silentLog), (store) => store.dispose());
  await runtime.startCity();
  await runtime.startAgent("mayor");
  own.defer(() => runtime.stopCity());
  const tmux = (...args: string[]): string => server.tmux("-L", socket, ...args);
  return { root, tmux, runtime, beads, [Symbol.asyncDispose]: () => own.disposeAsync() };
}

const cityText = (socket: string): string => `[workspace]
name = "bench"
[session]
socket = "${socket}"
[daemon]
patrol_interval = "1h"
max_wakes_per_tick = 100
shutdown_timeout = "0s"
[[named_session]]
template = "mayor"
mode = "always"
${agent("mayor")}${agent("poked", 'scale_check = "cat ../wanted"')}${agent("hand")}`;

function agent(name: string, more = ""): string {
  return `[[agent]]\nname = "${name}"\nstart_command = "${program}"\n${more}\n`;
}
