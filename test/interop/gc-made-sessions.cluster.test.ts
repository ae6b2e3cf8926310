import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { silentLog } from "../../src/lib/log.ts";
import { openSessionProvider } from "../../src/runtime/providers.ts";
import type { SessionProvider, SessionSnapshot } from "../../src/sessions/session-provider.ts";
import { type TestNamespace, createNamespace } from "../cluster/namespace.ts";
import { type GcCity, heardBack, makeGcCity, planned } from "./gc-city.ts";

let namespace: TestNamespace;
let city: GcCity;
let provider: SessionProvider;
let snapshot: SessionSnapshot | undefined;
beforeAll(async () => {
  namespace = await createNamespace();
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
  city = makeGcCity(namespace, "k8s");
  provider = await openSessionProvider(city.load().provider, silentLog);
  provider.watch((told) => (snapshot = told));
  await city.startController();
});
afterAll(async () => {
  await city[Symbol.asyncDispose]();
  provider.dispose();
  await namespace[Symbol.asyncDispose]();
});

const session = "talker";
const patience = { timeout: 40_000, interval: 100 };
const soon = (): AbortSignal => AbortSignal.timeout(40_000);
const shows = (text: string) =>
  vi.waitFor(async () => expect(await provider.peek(session, 0)).toContain(text), patience);
const uid = (): string | undefined => snapshot?.sessions.get(session)?.id;
const runs = () => vi.waitFor(() => expect(snapshot?.sessions.get(session)?.state).toBe("running"), patience);

describe("a session that gc has made", () => {
  it("is seen to run, under its own name", async () => {
    await runs();
    const told = { name: session, state: "running", reason: "", action: "" };
    expect(await provider.list()).toEqual([expect.objectContaining(told)]);
    expect(await provider.processAlive(session, ["while read"])).toBe(true);
    expect(Math.abs((await provider.lastActivity(session)) - Date.now())).toBeLessThan(60_000);
  });

  it("is nudged by both, and both see it", async () => {
    await provider.nudge(session, "by us;");
    await shows(heardBack("by us;"));
    expect(await city.gc("session", "nudge", session, "--delivery", "immediate", "by gc")).toMatchObject({ code: 0 });
    await shows(heardBack("by gc"));
    const { stdout } = await city.gc("session", "peek", session);
    expect(stdout).toContain(heardBack("by us;"));
    expect(stdout).toContain(heardBack("by gc"));
  });

  it("is attached to, which gc sees", async () => {
    const target = await provider.attach(session);
    if (target.kind !== "stream") throw new Error("a pod is attached to by a stream");
    const attachment = await target.open({ columns: 90, rows: 30 });
    let shown = "";
    attachment.onData((chunk) => (shown += Buffer.from(chunk).toString()));
    attachment.write("typed\r");
    await vi.waitFor(() => expect(shown).toContain(heardBack("typed")), patience);
    const attached = async () => (JSON.parse((await city.gc("session", "list", "--json")).stdout) as unknown[])[0];
    await vi.waitFor(async () => expect(await attached()).toMatchObject({ Attached: true }), patience);
    attachment.dispose();
    await vi.waitFor(async () => expect(await attached()).toMatchObject({ Attached: false }), patience);
    expect(await provider.isAttached(session)).toBe(false);
  });

  it("is restarted by gc when we note the wish for it where gc looks", async () => {
    const before = uid();
    await provider.setMeta(session, "GC_RESTART_REQUESTED", "1");
    await vi.waitFor(() => expect(uid()).not.toBe(before), patience);
    await runs();
  });

  it("is stopped, whereupon gc makes it anew", async () => {
    const before = uid();
    await provider.stop(session, soon());
    expect(
      (await namespace.core.listNamespacedPod({ namespace: namespace.name })).items.map(
        ({ metadata }) => metadata?.uid,
      ),
    ).not.toContain(before);
    await runs();
    expect(uid()).not.toBe(before);
  });

  it("is not started a second time while it runs", async () => {
    const { config } = planned(city, session);
    await expect(provider.start(session, config, soon())).rejects.toMatchObject({
      problem: { code: /session-(?:exists|initializing)/u },
    });
  });
});
