import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runInPod } from "../../../test/cluster/in-pod.ts";
import { type TestNamespace, createNamespace, tmuxImages } from "../../../test/cluster/namespace.ts";
import { kubernetesSettings } from "../../city/kubernetes-settings.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import { silentLog } from "../../lib/log.ts";
import type { SessionProvider, SessionSnapshot } from "../session-provider.ts";
import { openKubernetesSessions } from "./kubernetes-session-provider.ts";

let namespace: TestNamespace;
/** Two that know nothing of each other, as of two windows. */
let providers: readonly [SessionProvider, SessionProvider];
let folder: string;

const soon = (limit = 45_000): AbortSignal => AbortSignal.timeout(limit);
const patience = 10_000;
const alone = { concurrent: false };

/** Goes on after Ctrl-C, and does not end when its terminal does. */
const agent = `sh -c 'trap "echo interrupted" INT; trap "" HUP; echo ready; while :; do cat; done'`;
const config: SessionConfig = {
  workDir: "",
  command: agent,
  env: {},
  processNames: [],
  nudge: "",
  preStart: [],
  overlayDir: "",
  copyFiles: [],
  sessionLive: ["echo alive >>/workspace/live"],
};

interface Operation {
  readonly call: (provider: SessionProvider, session: string) => Promise<unknown>;
  /** What the call gives, or what is to be seen after it, on a session that runs. */
  readonly holds: (provider: SessionProvider, session: string) => Promise<void>;
  /** What the call gives where no session runs; else it fails with `session-missing`. */
  readonly missing?: unknown;
}

async function shows(provider: SessionProvider, session: string, text: string): Promise<void> {
  await vi.waitFor(async () => expect(await provider.peek(session, 0)).toContain(text), patience);
}

async function printed(session: string, command: string, text: string): Promise<void> {
  await expect(runInPod(namespace, session, command)).resolves.toBe(text);
}

async function readScreen(provider: SessionProvider, session: string): Promise<string> {
  const target = await provider.attach(session);
  if (target.kind !== "stream") throw new Error("a pod's terminal is a stream");
  const attachment = await target.open({ columns: 90, rows: 30 }, soon());
  let shown = "";
  attachment.onData((chunk) => (shown += Buffer.from(chunk).toString("utf8")));
  try {
    await vi.waitFor(() => expect(shown).not.toBe(""), patience);
    return shown;
  } finally {
    attachment.dispose();
  }
}

const operations: Readonly<Record<string, Operation>> = {
  list: {
    call: async (provider, session) =>
      (await provider.list(soon())).some(({ name, state }) => name === session && state === "running"),
    holds: async (provider, session) =>
      vi.waitFor(
        async () =>
          expect(await provider.list()).toContainEqual(expect.objectContaining({ name: session, state: "running" })),
        patience,
      ),
    missing: false,
  },
  watch: {
    call: async (provider, session) => {
      let told: SessionSnapshot | undefined;
      provider.watch((snapshot) => (told = snapshot)).dispose();
      return told?.sessions.get(session)?.state === "running";
    },
    holds: async (provider, session) => {
      let told: SessionSnapshot | undefined;
      const watch = provider.watch((snapshot) => (told = snapshot));
      await vi.waitFor(() => expect(told?.sessions.get(session)?.state).toBe("running"), patience);
      watch.dispose();
    },
    missing: false,
  },
  processAlive: {
    call: (provider, session) => provider.processAlive(session, ["cat"]),
    holds: async (provider, session) => {
      await expect(provider.processAlive(session, ["echo ready"])).resolves.toBe(true);
      await expect(provider.processAlive(session, ["no-such-program"])).resolves.toBe(false);
    },
    missing: false,
  },
  peek: {
    call: (provider, session) => provider.peek(session, 10),
    holds: (provider, session) => shows(provider, session, "ready"),
  },
  nudge: {
    call: (provider, session) => provider.nudge(session, "hello"),
    holds: async (provider, session) => {
      const text = randomUUID();
      await provider.nudge(session, text);
      await shows(provider, session, text);
    },
  },
  sendKeys: {
    call: (provider, session) => provider.sendKeys(session, ["x"]),
    holds: async (provider, session) => {
      const text = randomUUID();
      await provider.sendKeys(session, [text, "Enter"]);
      await shows(provider, session, text);
    },
  },
  interrupt: {
    call: (provider, session) => provider.interrupt(session),
    holds: async (provider, session) => {
      await provider.interrupt(session);
      await shows(provider, session, "interrupted");
    },
  },
  setMeta: {
    call: (provider, session) => provider.setMeta(session, "KEY", "value"),
    holds: async (provider, session) => {
      const key = `KEY_${randomUUID()}`;
      await provider.setMeta(session, key, "value");
      await expect(provider.getMeta(session, key)).resolves.toBe("value");
    },
  },
  getMeta: {
    call: (provider, session) => provider.getMeta(session, "KEY"),
    holds: async (provider, session) => expect(provider.getMeta(session, "NEVER_SET")).resolves.toBe(""),
  },
  removeMeta: {
    call: (provider, session) => provider.removeMeta(session, "KEY"),
    holds: async (provider, session) => {
      const key = `KEY_${randomUUID()}`;
      await provider.setMeta(session, key, "value");
      await provider.removeMeta(session, key);
      await expect(provider.getMeta(session, key)).resolves.toBe("");
    },
  },
  lastActivity: {
    call: (provider, session) => provider.lastActivity(session),
    holds: async (provider, session) =>
      expect(Math.abs((await provider.lastActivity(session)) - Date.now())).toBeLessThan(60_000),
  },
  isAttached: {
    call: (provider, session) => provider.isAttached(session),
    holds: async (provider, session) => expect(await provider.isAttached(session)).toBeTypeOf("boolean"),
  },
  clearScrollback: {
    call: (provider, session) => provider.clearScrollback(session),
    holds: (provider, session) => provider.clearScrollback(session),
  },
  copyTo: {
    call: (provider, session) => provider.copyTo(session, join(folder, "file"), "taken"),
    holds: async (provider, session) => {
      const name = randomUUID();
      await provider.copyTo(session, join(folder, "file"), name);
      await printed(session, `cat /workspace/${name}`, "copied");
    },
  },
  runLive: {
    call: (provider, session) => provider.runLive(session, config, soon()),
    holds: async (provider, session) => {
      await provider.runLive(session, config, soon());
      await printed(session, "sort -u /workspace/live", "alive\n");
    },
  },
  attach: {
    call: readScreen,
    holds: async (provider, session) => expect(await readScreen(provider, session)).not.toBe(""),
  },
};

const each = Object.entries(operations);

/** That the call says what there is to say of a session that does not run, and soon. */
async function findsNothing({ call, missing }: Operation, provider: SessionProvider, session: string): Promise<void> {
  if (missing !== undefined) await expect(call(provider, session)).resolves.toBe(missing);
  else await expect(call(provider, session)).rejects.toMatchObject({ problem: { code: "session-missing" } });
}

describe.each(tmuxImages)("with %s", (_, image) => {
  beforeAll(async () => {
    namespace = await createNamespace();
    vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
    const place = { namespace: namespace.name, image: namespace[image], cpu_request: "10m", mem_request: "16Mi" };
    const open = () => openKubernetesSessions({ settings: kubernetesSettings(place, {}), log: silentLog });
    providers = [open(), open()];
    for (const provider of providers) provider.watch(() => undefined);
    folder = mkdtempSync(join(tmpdir(), "gascity-operations-"));
    writeFileSync(join(folder, "file"), "copied");
  });
  afterAll(async () => {
    for (const provider of providers) provider.dispose();
    rmSync(folder, { recursive: true, force: true });
    await namespace[Symbol.asyncDispose]();
  });

  describe.concurrent("every operation", () => {
    describe("on a session that runs", () => {
      beforeAll(() => providers[0].start("running", config, soon()));

      it.each(each)("%s works", async (_, { holds }) => holds(providers[0], "running"));

      it.each(each)("%s works for two callers at once, and for another provider", async (_, { holds }) => {
        const [one, other] = providers;
        await Promise.all([holds(one, "running"), holds(one, "running"), holds(other, "running")]);
      });

      it("start refuses it", async () => {
        for (const provider of providers) {
          await expect(provider.start("running", config, soon())).rejects.toMatchObject({
            problem: { code: "session-exists" },
          });
        }
      });
    });

    describe("on a session that nobody started", () => {
      it.each(each)("%s says so", async (_, operation) => findsNothing(operation, providers[0], "unknown"));

      it("stop has nothing to do", async () => {
        await expect(providers[0].stop("unknown", soon())).resolves.toBeUndefined();
      });
    });

    describe("on a pod that is going", () => {
      beforeAll(async () => {
        await providers[0].start("dying", config, soon());
        await namespace.core.deleteNamespacedPod({ namespace: namespace.name, name: "dying", gracePeriodSeconds: 10 });
        await vi.waitFor(async () => {
          const { metadata } = await namespace.core.readNamespacedPod({ namespace: namespace.name, name: "dying" });
          expect(metadata?.deletionTimestamp).toBeDefined();
        }, patience);
      });

      it.each(each)("%s says that nothing runs there", async (_, operation) => {
        await vi.waitFor(() => findsNothing(operation, providers[0], "dying"), 2000);
      });

      it("start waits for its end, and stop ends it, for two callers at once", alone, async () => {
        const [one, other] = providers;
        await Promise.all([one.stop("dying", soon()), other.stop("dying", soon())]);
        await one.start("dying", config, soon());
        await expect(one.peek("dying", 0)).resolves.toBeTypeOf("string");
      });
    });

    describe("on a pod that somebody else made anew under the same name", () => {
      beforeAll(async () => {
        const [one, other] = providers;
        await one.start("again", config, soon());
        await one.setMeta("again", "OF", "the first");
        await namespace.core.deleteNamespacedPod({ namespace: namespace.name, name: "again", gracePeriodSeconds: 0 });
        await other.start("again", config, soon());
      });

      it.each(each)("%s reaches the new one", async (_, { holds }) => holds(providers[0], "again"));

      it("nothing is left of the old one, and stop ends the new one", alone, async () => {
        await expect(providers[0].getMeta("again", "OF")).resolves.toBe("");
        await providers[0].stop("again", soon());
        await expect(operations["list"]?.call(providers[1], "again")).resolves.toBe(false);
      });
    });
  });
});
