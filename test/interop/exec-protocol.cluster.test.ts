import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { buildBundles } from "../../scripts/build.mts";
import { shellJoin } from "../../src/lib/shell-quote.ts";
import { podNames, runInPod } from "../cluster/in-pod.ts";
import { type TestNamespace, createNamespace } from "../cluster/namespace.ts";
import { type GcCity, heardBack, makeGcCity } from "./gc-city.ts";

/** The program as it is shipped. */
const program = join(import.meta.dirname, "../../dist/gascity.js");
const ours = shellJoin([process.execPath, program, "session", "--provider", "k8s"]);
const session = "talker";
const patience = { timeout: 40_000, interval: 100 };

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await createNamespace();
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
  await buildBundles();
});
afterAll(async () => namespace[Symbol.asyncDispose]());

/** A city whose sessions gc runs through our program; its agent asks for this image to be checked. */
function cityThroughUs(image: string): GcCity {
  const city = makeGcCity(namespace, "exec:./sessions", `env = { GC_DOCKER_IMAGE = "${image}", OWN = "kept" }`);
  const script = join(city.root, "sessions");
  writeFileSync(script, `#!/bin/sh\nexec ${ours} "$@"\n`);
  chmodSync(script, 0o755);
  return city;
}

async function uid(): Promise<string | undefined> {
  return (await namespace.core.readNamespacedPod({ namespace: namespace.name, name: session })).metadata?.uid;
}

describe("a session that gc runs through gascity session", () => {
  let city: GcCity;
  beforeAll(async () => {
    city = cityThroughUs(namespace.image);
    await city.startController();
    await city.untilStarted(1);
  });
  afterAll(async () => city[Symbol.asyncDispose]());

  it("is listed", async () => {
    expect(await podNames(namespace)).toEqual([session]);
    await vi.waitFor(async () => {
      expect((await city.gc("session", "list")).stdout).toMatch(/talker\s+active/u);
    }, patience);
  });

  it("does not get gc's own PATH and HOME, which are those of another machine", async () => {
    const told = await runInPod(namespace, session, 'echo "$PATH $HOME $OWN $GC_ALIAS $GC_CITY ${GC_BIN-none}"');
    expect(told).toMatch(/^\/usr\/local\/sbin:\S* \/home\/gcagent kept talker \/workspace none\n$/u);
  });

  it("is nudged, and shows what it heard", async () => {
    const nudge = ["session", "nudge", session, "--delivery", "immediate", "größe; 'x'"];
    expect(await city.gc(...nudge)).toMatchObject({ code: 0 });
    await vi.waitFor(async () => {
      expect((await city.gc("session", "peek", session)).stdout).toContain(heardBack("größe; 'x'"));
    }, patience);
  });

  it("is killed, whereupon gc makes it anew", async () => {
    const before = await uid();
    expect(await city.gc("session", "kill", session)).toMatchObject({ code: 0 });
    await city.untilStarted(2);
    expect(await uid()).not.toBe(before);
  });

  it("is stopped with its city", async () => {
    expect(await city.gc("stop")).toMatchObject({ code: 0 });
    await vi.waitFor(async () => expect(await podNames(namespace)).toEqual([]), patience);
  });
});

it("gc does not start with an image of which check-image says that it cannot be run", async () => {
  await using city = cityThroughUs(`${namespace.image}-not`);
  await expect(city.startController()).rejects.toThrow(/image pre-check: .*cannot be pulled.*not found/u);
});
