import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { FileBeadStore } from "../../../src/beads/file/file-bead-store.ts";
import { silentLog } from "../../../src/lib/log.ts";
import { decide } from "../../../src/controller/reconcile/decide.ts";
import type { World } from "../../../src/controller/reconcile/world.ts";
import {
  active,
  agentPlan,
  cityPlan,
  facts,
  noon,
  recordOf,
  snapshot,
  status,
  worldOf,
} from "../../reconciled-world.ts";
import { measure, report, reportHeader } from "../measure.ts";

/** How long the file of a large city's beads takes to read, beside its bare JSON. */
async function measureBeads(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "gascity-bench-"));
  const file = join(folder, "beads.json");
  const metadata = Object.fromEntries(Array.from({ length: 12 }, (_, key) => [`key_${key}`, `value ${key}`]));
  const beads = Array.from({ length: 5000 }, (_, index) => ({ ...sessionBead, id: `gc-${index + 1}`, metadata }));
  const text = JSON.stringify({ seq: 5000, beads }, null, 2);
  await writeFile(file, text);
  report("5000 beads as JSON", await measure(10, () => text, JSON.parse));
  const open = (): FileBeadStore => new FileBeadStore(file, silentLog);
  report("5000 beads read from their file", await measure(10, open, (store) => store.list({ all: true })));
  const store = open();
  report(
    "read again",
    await measure(
      10,
      () => store,
      (same) => same.list({ all: true }),
    ),
  );
  await rm(folder, { recursive: true });
}

const sessionBead = {
  title: "worker",
  status: "open",
  issue_type: "session",
  created_at: new Date(noon).toISOString(),
  labels: ["gc:session", "agent:worker"],
};

/** How long decisions take, with nothing to do and with everything to do, and how much a large city weighs. */
export async function measureDecisions(): Promise<void> {
  console.log("Deciding");
  reportHeader();
  const medians: number[] = [];
  for (const count of [1000, 10_000]) {
    const most = count === 1000 ? 10 : undefined;
    const calm = await measure(50, () => worldWith(count), decide);
    report(`${count} sessions, all as they should be`, calm, most);
    medians.push(calm.median);
    report(`${count} sessions, all to be started`, await measure(20, () => unborn(count), decide), most);
  }
  const [thousand = Number.NaN, tenThousand = Number.NaN] = medians;
  console.log(`ten times the sessions take ${(tenThousand / thousand).toFixed(1)} times as long`);
  await measureBeads();
  console.log(`5000 sessions weigh ${(weightOf(() => worldWith(5000)) / 1024 / 1024).toFixed(1)} MB (at most 60)`);
}

const agents = 50;

/** Pools of a twentieth each, all of whose sessions run. */
function worldWith(count: number, change: Readonly<Record<string, string>> = {}): World {
  const size = count / agents;
  const names = Array.from({ length: agents }, (_, index) => `agent-${index}`);
  const records = names.flatMap((template, pool) =>
    Array.from({ length: size }, (_, index) =>
      recordOf(
        `gc-${pool * size + index}`,
        { template, alias: `${template}-${index + 1}`, slot: index + 1 },
        { ...active(), ...change },
      ),
    ),
  );
  return worldOf({
    city: cityPlan(names.map((name) => agentPlan(name, { min: size, max: size }))),
    records,
    observed: snapshot(...records.map(({ session }) => status(session))),
    facts: new Map(records.map(({ session }) => [session, facts({ lastActivity: noon })])),
  });
}

function unborn(count: number): World {
  return { ...worldWith(count, { state: "creating" }), observed: snapshot() };
}

/** What stays on the heap of what `make` makes and of the decision about it, in bytes. */
function weightOf(make: () => World): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const before = process.memoryUsage().heapUsed;
  const world = make();
  const decision = decide(world);
  collect();
  const after = process.memoryUsage().heapUsed;
  if (decision.actions.length > 0 || world.records.length === 0) throw new Error("the city should be calm");
  return after - before;
}
