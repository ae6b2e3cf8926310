import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { silentLog } from "../../src/lib/log.ts";
import { openSessionProvider } from "../../src/runtime/providers.ts";
import type { SessionProvider, SessionSnapshot } from "../../src/sessions/session-provider.ts";
import { podNames } from "../cluster/in-pod.ts";
import { type TestNamespace, createNamespace } from "../cluster/namespace.ts";
import { type GcCity, heardBack, makeGcCity, planned } from "./gc-city.ts";

const session = "talker";
const patience = { timeout: 40_000, interval: 100 };

let namespace: TestNamespace;
let city: GcCity;
let provider: SessionProvider;
let snapshot: SessionSnapshot | undefined;
/** Of the pod that we made. */
let ours: string | undefined;
beforeAll(async () => {
  namespace = await createNamespace();
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
  city = makeGcCity(namespace, "k8s");
  provider = await openSessionProvider(city.load().provider, silentLog);
  provider.watch((told) => (snapshot = told));
  await provider.start(session, planned(city, session).config, AbortSignal.timeout(40_000));
  ours = snapshot?.sessions.get(session)?.id;
  await city.startController();
});
afterAll(async () => {
  await city[Symbol.asyncDispose]();
  provider.dispose();
  await namespace[Symbol.asyncDispose]();
});

/** Variables of the machine that gc is on, and of the record that it keeps of a session. */
const ofMachine = ["PATH", "HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "GC_BIN"];
const ofRecord = ["GC_SESSION_ID", "GC_INSTANCE_TOKEN", "GC_RUNTIME_EPOCH", "GC_CONTINUATION_EPOCH"];

/** In our pods alone, for commands beside the agent (`podDifferences`). */
const ofOurPods = ["TMUX_PANE"];

/** What the pod's specification gives the agent. */
async function variables(): Promise<Map<string, unknown>> {
  const { spec } = await namespace.core.readNamespacedPod({ namespace: namespace.name, name: session });
  return new Map(spec?.containers[0]?.env?.map(({ name, value, valueFrom }) => [name, valueFrom ?? value]));
}

const succeeds = { code: 0, stderr: "" };
const now = () => snapshot?.sessions.get(session);

describe("a session that we have made, to gc's controller", () => {
  it("is adopted and not made anew", async () => {
    await vi.waitFor(async () => {
      const { stdout } = await city.gc("session", "list", "--json");
      expect(JSON.parse(stdout)).toMatchObject([{ SessionName: session, State: "active", Template: "talker" }]);
    }, patience);
    const { stdout } = await city.gc("session", "list");
    expect(stdout).toMatch(/talker\s+active/u);
    expect(await city.gc("status")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/talker\s+awake/u) as string,
    });
    expect(now()).toMatchObject({ id: ours, state: "running" });
  });

  it("is nudged, and shows what it heard", async () => {
    expect(await city.gc("session", "nudge", session, "--delivery", "immediate", "by", "gc")).toMatchObject(succeeds);
    await vi.waitFor(async () => {
      expect((await city.gc("session", "peek", session)).stdout).toContain(heardBack("by gc"));
    }, patience);
    expect(now()).toMatchObject({ id: ours, state: "running" });
  });

  it("is killed, whereupon gc makes it anew, with our variables and some of its own", async () => {
    const given = await variables();
    expect(await city.gc("session", "kill", session)).toMatchObject(succeeds);
    await city.untilStarted(1);
    await vi.waitFor(() => expect(now()?.state).toBe("running"), patience);
    expect(now()?.id).not.toBe(ours);
    const theirs = await variables();
    for (const name of [...ofMachine, ...ofRecord]) theirs.delete(name);
    for (const name of ofOurPods) given.delete(name);
    expect(given).toEqual(theirs);
  });

  it("is stopped with its city", async () => {
    expect(await city.gc("stop")).toMatchObject(succeeds);
    await vi.waitFor(async () => expect(await podNames(namespace)).toEqual([]), patience);
  });
});
