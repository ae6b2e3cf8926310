import { setTimeout as delay } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";
import { expect, it, vi } from "vitest";
import { connectedNamespace } from "../../../test/cluster/connected-namespace.ts";
import { LeaseProcess } from "../../../test/lease-process.ts";
import { apiPath } from "../../kubernetes/api-path.ts";
import { KubernetesConnection, openConnection } from "../../kubernetes/connection.ts";
import { silentLog } from "../../lib/log.ts";
import { CityLease, type LeaseNews } from "./city-lease.ts";
import { newIdentity } from "./lease-holder.ts";
import { type Lease, leaseName } from "./lease-object.ts";

const patience = { timeout: 30_000, interval: 10 };
const here = connectedNamespace();

/** A contender in this process, and all that it has said. */
class Contender implements Disposable {
  readonly news: LeaseNews[] = [];
  readonly identity = newIdentity("editor");
  readonly lease: CityLease;

  constructor(city: string, through = here.connection, where = here.namespace.name) {
    const { identity } = this;
    this.lease = new CityLease({ connection: through, namespace: where, city, identity, log: silentLog });
    this.lease.onNews((news) => this.news.push(news));
  }

  static contending(city: string, through?: KubernetesConnection, where?: string): Contender {
    const contender = new Contender(city, through, where);
    contender.lease.contend();
    return contender;
  }

  async acts(): Promise<void> {
    await vi.waitFor(() => expect(this.lease.mayAct()).toBe(true), patience);
  }

  async sees(holder: string | undefined): Promise<void> {
    await vi.waitFor(
      () =>
        expect(this.news.findLast(({ kind }) => kind === "heldBy")).toMatchObject(
          holder === undefined ? { holder } : { holder: { identity: holder } },
        ),
      patience,
    );
  }

  count(kind: LeaseNews["kind"]): number {
    return this.news.filter((news) => news.kind === kind).length;
  }

  [Symbol.dispose](): void {
    this.lease.dispose();
  }
}

async function actingProcess(city: string): Promise<LeaseProcess> {
  const process = new LeaseProcess(here.namespace.name, city);
  await vi.waitFor(() => expect(process.said.at(-1)).toEqual({ kind: "acts", acts: true }), patience);
  return process;
}

const pathOf = (city: string): string =>
  apiPath(["apis", "coordination.k8s.io", "v1", "namespaces", here.namespace.name, "leases", leaseName(city)]);
const read = (city: string): Promise<Lease> => here.connection.call<Lease>({ method: "GET", path: pathOf(city) });

it.concurrent("of two who want it one gets it, renews it, and the other sees who", async () => {
  using first = Contender.contending("two");
  using second = Contender.contending("two");
  await vi.waitFor(() => expect(first.lease.mayAct() || second.lease.mayAct()).toBe(true), patience);
  const [winner, loser] = first.lease.mayAct() ? [first, second] : [second, first];
  await loser.sees(winner.identity);
  expect(winner.lease.state).toEqual({ kind: "ours" });
  expect(loser.lease.state).toMatchObject({ kind: "theirs", holder: { process: { kind: "editor" } } });
  const before = await read("two");
  expect(before.spec).toMatchObject({ holderIdentity: winner.identity, leaseDurationSeconds: 15 });
  // Longer than the lease lasts.
  const until = Date.now() + 17_000;
  while (Date.now() < until) {
    await delay(50);
    expect([winner.lease.mayAct(), loser.lease.mayAct()]).toEqual([true, false]);
  }
  const after = await read("two");
  expect(after.spec).toMatchObject({ holderIdentity: winner.identity, acquireTime: before.spec?.acquireTime });
  expect(winner.count("acquired")).toBe(1);
});

it.concurrent("a killed holder is replaced when its lease has run out, and not before", async () => {
  using holder = await actingProcess("killed");
  using next = Contender.contending("killed");
  await vi.waitFor(() => expect(next.lease.state.kind).toBe("theirs"), patience);
  holder.kill("SIGKILL");
  const renewed = Date.parse((await read("killed")).spec?.renewTime ?? "");
  await next.acts();
  // The next one has seen the last renewal a moment after it was sent.
  expect(Date.now() - renewed).toBeGreaterThan(15_000);
  expect(Date.now() - renewed).toBeLessThan(20_000);
  expect((await read("killed")).spec).toMatchObject({ holderIdentity: next.identity, leaseTransitions: 1 });
});

it.concurrent("a holder that was stopped for longer than its lease may not act when it goes on", async () => {
  using holder = await actingProcess("stopped");
  using next = Contender.contending("stopped");
  await vi.waitFor(() => expect(next.lease.state.kind).toBe("theirs"), patience);
  holder.kill("SIGSTOP");
  await next.acts();
  const before = holder.said.length;
  holder.kill("SIGCONT");
  await vi.waitFor(
    () => expect(holder.said.slice(before)).toContainEqual(expect.objectContaining({ kind: "heldBy" })),
    patience,
  );
  const after = holder.said.slice(before);
  // Before any timer of its own could tell it.
  expect(after[0]).toEqual({ kind: "woke", acts: false });
  expect(after).not.toContainEqual({ kind: "acts", acts: true });
  expect(after).toContainEqual(expect.objectContaining({ kind: "lost" }));
  expect(next.lease.mayAct()).toBe(true);
});

it.concurrent("a lease that is given back is the next one's within a second", async () => {
  using first = Contender.contending("given back");
  await first.acts();
  using next = Contender.contending("given back");
  await next.sees(first.identity);
  const begun = performance.now();
  const released = first.lease.release();
  expect(first.lease.mayAct()).toBe(false);
  await next.acts();
  expect(performance.now() - begun).toBeLessThan(1000);
  await released;
  await first.sees(next.identity);
  expect(first.count("lost")).toBe(0);
  await next.lease.release();
  await first.sees(undefined);
  expect((await read("given back")).spec).not.toHaveProperty("holderIdentity");
  expect(first.count("acquired")).toBe(1);
});

it.concurrent(
  "a holder that has stopped the city leaves nobody in line, but hinders nobody who starts it",
  async () => {
    using first = Contender.contending("stopped");
    await first.acts();
    using next = Contender.contending("stopped");
    await next.sees(first.identity);
    await first.lease.release(true);
    await vi.waitFor(() => expect(next.count("stopped")).toBe(1), patience);
    await next.sees(undefined);
    expect(next.lease.mayAct()).toBe(false);
    next.lease.contend();
    await next.acts();
    using third = Contender.contending("stopped");
    await third.sees(next.identity);
    await next.lease.release();
    await third.acts();
  },
);

it.concurrent("a holder that is asked hands it over, stands in line, and has it again afterwards", async () => {
  using first = Contender.contending("asked for");
  await first.acts();
  using other = new Contender("asked for");
  await other.sees(first.identity);
  let both = false;
  first.lease.onNews(() => (both ||= first.lease.mayAct() && other.lease.mayAct()));
  other.lease.onNews(() => (both ||= first.lease.mayAct() && other.lease.mayAct()));
  const begun = performance.now();
  other.lease.takeOver();
  await other.acts();
  expect(performance.now() - begun).toBeLessThan(1000);
  expect(first.lease.mayAct()).toBe(false);
  expect(first.news).toContainEqual({
    kind: "lost",
    problem: expect.objectContaining({ code: "controlled-elsewhere" }),
  });
  expect((await read("asked for")).metadata?.annotations ?? {}).toEqual({});
  await first.sees(other.identity);
  await other.lease.release();
  await first.acts();
  expect(both).toBe(false);
  expect(first.count("acquired")).toBe(2);
});

it.concurrent("one that does not listen keeps it until it has run out", async () => {
  using holder = await actingProcess("deaf");
  using other = new Contender("deaf");
  await vi.waitFor(() => expect(other.lease.state.kind).toBe("theirs"), patience);
  holder.kill("SIGSTOP");
  const begun = performance.now();
  other.lease.takeOver();
  await other.acts();
  expect(performance.now() - begun).toBeGreaterThan(12_000);
});

it.concurrent("a holder that cannot reach the cluster acts until its deadline, and says why it stops", async () => {
  const own = openConnection();
  using holder = Contender.contending("cut off", own);
  await holder.acts();
  own.dispose();
  const begun = performance.now();
  await vi.waitFor(() => expect(holder.news.at(-1)).toMatchObject({ kind: "problem" }), patience);
  expect(holder.lease.mayAct()).toBe(true);
  await vi.waitFor(() => expect(holder.count("lost")).toBe(1), patience);
  expect(performance.now() - begun).toBeLessThan(10_500);
  expect(holder.lease.mayAct()).toBe(false);
  expect(holder.news.find(({ kind }) => kind === "lost")).toMatchObject({
    problem: { code: "control-lost", reason: expect.stringContaining("was closed on this side") },
  });
});

it.concurrent(
  "a holder whose lease is deleted makes it anew; another waits until the holder could not act any more",
  async () => {
    using holder = Contender.contending("deleted");
    await holder.acts();
    using other = Contender.contending("deleted");
    await other.sees(holder.identity);
    await here.connection.call({ method: "DELETE", path: pathOf("deleted") });
    await vi.waitFor(() => expect(holder.count("acquired")).toBe(2), patience);
    expect(holder.news).toContainEqual({ kind: "lost", problem: expect.objectContaining({ code: "control-lost" }) });
    expect([holder.lease.mayAct(), other.lease.mayAct()]).toEqual([true, false]);
  },
);

it.concurrent("says that the namespace is missing, and which right", async () => {
  using nowhere = Contender.contending("nowhere", here.connection, "gascity-no-such-namespace");
  await vi.waitFor(
    () =>
      expect(nowhere.news).toContainEqual({
        kind: "problem",
        problem: expect.objectContaining({ code: "namespace-missing" }),
      }),
    patience,
  );
  const config = new KubeConfig();
  config.loadFromFile(here.namespace.kubeconfig);
  const { name } = here.namespace;
  const { token } = (
    await here.connection.call<{ status: { token: string } }>({
      method: "POST",
      path: apiPath(["api", "v1", "namespaces", name, "serviceaccounts", "default", "token"]),
      body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
    })
  ).status;
  const cluster = config.getCurrentCluster();
  if (!cluster) expect.fail("no cluster");
  config.loadFromClusterAndUser(cluster, { name: "nobody", token });
  const limited = new KubernetesConnection(config);
  try {
    using forbidden = Contender.contending("forbidden", limited);
    await vi.waitFor(
      () =>
        expect(forbidden.news).toContainEqual({
          kind: "problem",
          problem: expect.objectContaining({
            code: "cluster-forbidden",
            reason: expect.stringContaining("list leases"),
          }),
        }),
      patience,
    );
  } finally {
    limited.dispose();
  }
});
