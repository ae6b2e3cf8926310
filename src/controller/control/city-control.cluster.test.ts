import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execPath } from "node:process";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { connectedNamespace } from "../../../test/cluster/connected-namespace.ts";
import { controllerCities } from "../../../test/controller-city.ts";
import { LeaseProcess } from "../../../test/lease-process.ts";
import { apiPath } from "../../kubernetes/api-path.ts";
import { silentLog } from "../../lib/log.ts";
import { CityControl } from "./city-control.ts";
import { controllerLockPath } from "./controller-files.ts";
import { takeControllerLock } from "./controller-lock.ts";
import type { ControllerKind } from "./lease-holder.ts";
import { type Lease, leaseName, requesterOf } from "./lease-object.ts";

const patience = { timeout: 30_000, interval: 10 };
// Each folder stands for a machine of its own: the lock of one is not the lock of another.
const newMachine = controllerCities();
const here = connectedNamespace();
let own: AsyncDisposableStack;
beforeEach(() => void (own = new AsyncDisposableStack()));
afterEach(() => own.disposeAsync());

function open(city: string, root = newMachine(), kind: ControllerKind = "editor"): CityControl {
  const cluster = { connection: here.connection, namespace: here.namespace.name, city };
  return own.use(new CityControl({ root, kind, cluster, perform() {}, log: silentLog }));
}

/** A process of its own that controls the city. */
async function actingProcess(city: string, root: string): Promise<ChildProcess> {
  const modules = ["city-control.ts", "../../kubernetes/connection.ts", "../../lib/log.ts"];
  const [control, connections, log] = modules.map((name) => JSON.stringify(join(import.meta.dirname, name)));
  const program = `const { CityControl } = await import(${control});
    const { openConnection } = await import(${connections});
    const { silentLog: log } = await import(${log});
    const [, root, city, namespace] = process.argv;
    const cluster = { connection: openConnection(), namespace, city };
    const control = new CityControl({ root, kind: "headless", cluster, perform() {}, log });
    console.log((await control.acquire()).kind);`;
  const args = ["--input-type=module", "-e", program, root, city, here.namespace.name];
  const child = spawn(execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  own.defer(() => void child.kill("SIGKILL"));
  expect(String((await once(child.stdout, "data"))[0])).toBe("controlling\n");
  return child;
}

async function becomes(control: CityControl, state: object): Promise<void> {
  await vi.waitFor(() => expect(control.state).toMatchObject(state), patience);
}

it("is one machine's, as those who only look on see, until it lets go; then that of the next in line", async () => {
  const [first, second, observer] = [open("a"), open("a", undefined, "in-cluster"), open("a")];
  expect(await first.acquire()).toEqual({ kind: "controlling" });
  expect(await second.acquire()).toMatchObject({ kind: "elsewhere", where: "the cluster", program: "editor" });
  await becomes(observer, { kind: "elsewhere", program: "editor", since: expect.any(Number) });
  expect([first.mayAct(), second.mayAct(), observer.mayAct()]).toEqual([true, false, false]);
  await first.release();
  await becomes(second, { kind: "controlling" });
  await becomes(first, { kind: "elsewhere", program: "in-cluster" });
  await second.release();
  await becomes(observer, { kind: "free" });
});

it("goes from one machine to another and back when it is asked for, and never is both's", async () => {
  const [laptop, pod] = [open("b"), open("b", undefined, "in-cluster")];
  let both = false;
  for (const each of [laptop, pod]) each.onDidChange(() => (both ||= laptop.mayAct() && pod.mayAct()));
  await pod.acquire();
  await laptop.takeOver();
  expect([laptop.mayAct(), pod.mayAct()]).toEqual([true, false]);
  await becomes(pod, { kind: "elsewhere", program: "editor" });
  await pod.takeOver();
  expect([laptop.mayAct(), pod.mayAct()]).toEqual([false, true]);
  // Whoever handed it over has it again when the other one goes.
  await becomes(laptop, { kind: "elsewhere", program: "in-cluster" });
  await pod[Symbol.asyncDispose]();
  await becomes(laptop, { kind: "controlling" });
  expect(both).toBe(false);
});

it("of two windows on one machine, only the one with the lock stands in line; one takes over from the other with both", async () => {
  const root = newMachine();
  const [holder, waiting, third] = [open("c"), open("c", root), open("c", root)];
  await holder.acquire();
  expect(await waiting.acquire()).toMatchObject({ kind: "elsewhere", where: "the cluster" });
  expect(await third.acquire()).toMatchObject({ kind: "elsewhere", where: "this machine" });
  await third.takeOver();
  expect([holder.mayAct(), waiting.mayAct(), third.mayAct()]).toEqual([false, false, true]);
  await waiting.takeOver();
  expect([holder.mayAct(), waiting.mayAct(), third.mayAct()]).toEqual([false, true, false]);
});

it("goes at once to the next controller on the machine when one is killed, and from that to the next", async () => {
  const root = newMachine();
  for (let killed = 0; killed < 2; killed += 1) {
    const former = await actingProcess("f", root);
    const gone = once(former, "exit");
    former.kill("SIGKILL");
    await gone;
  }
  const begun = performance.now();
  const [elsewhere, next] = [open("f"), open("f", root)];
  expect(await next.acquire()).toEqual({ kind: "controlling" });
  expect(performance.now() - begun).toBeLessThan(10_000);
  await becomes(elsewhere, { kind: "elsewhere", program: "editor" });
});

it("is not taken from a living controller by one in a copy of its folder", async () => {
  const [root, copy] = [newMachine(), newMachine()];
  const holder = open("g", root);
  await holder.acquire();
  cpSync(join(root, ".gc", "gascity"), join(copy, ".gc", "gascity"), { recursive: true });
  expect(await open("g", copy).acquire()).toMatchObject({ kind: "elsewhere", where: "the cluster" });
  expect(holder.mayAct()).toBe(true);
});

it("is left to others by one that finds another with the lock, whose file was made anew", async () => {
  const root = newMachine();
  const [holder, elsewhere] = [open("h", root), open("h")];
  await holder.acquire();
  await elsewhere.acquire();
  rmSync(controllerLockPath(root));
  const taken = await takeControllerLock(root);
  if (taken.kind === "theirs") expect.fail("somebody else holds it");
  await using _ = taken.lock;
  expect(await holder.acquire()).toMatchObject({ kind: "elsewhere", where: "this machine" });
  await becomes(elsewhere, { kind: "controlling" });
});

it("is not taken over once whoever wanted it has let go", async () => {
  using holder = new LeaseProcess(here.namespace.name, "e");
  const control = open("e");
  await becomes(control, { kind: "elsewhere", program: "headless" });
  // It will not answer.
  holder.kill("SIGSTOP");
  const refused = expect(control.takeOver()).rejects.toMatchObject({ problem: { code: "control-lost" } });
  const path = apiPath([
    "apis",
    "coordination.k8s.io",
    "v1",
    "namespaces",
    here.namespace.name,
    "leases",
    leaseName("e"),
  ]);
  const asked = async (): Promise<void> =>
    expect(requesterOf(await here.connection.call<Lease>({ method: "GET", path }))).toBeDefined();
  await vi.waitFor(asked, patience);
  const begun = performance.now();
  await control.release();
  await refused;
  expect(performance.now() - begun).toBeLessThan(1000);
  expect(control.mayAct()).toBe(false);
});

it("says what is wrong with the cluster, and does not act meanwhile", async () => {
  const cluster = { connection: here.connection, namespace: "gascity-no-such-namespace", city: "d" };
  const control = own.use(
    new CityControl({ root: newMachine(), kind: "headless", cluster, perform() {}, log: silentLog }),
  );
  expect(await control.acquire()).toMatchObject({ kind: "lost", problem: { code: "namespace-missing" } });
  expect(control.mayAct()).toBe(false);
  await expect(control.takeOver()).rejects.toMatchObject({ problem: { code: "namespace-missing" } });
});
