import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { podNames } from "../../../test/cluster/in-pod.ts";
import { type TestNamespace, createNamespace } from "../../../test/cluster/namespace.ts";
import { runGascity } from "../../../test/run-gascity.ts";

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await createNamespace();
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
});
afterAll(async () => namespace[Symbol.asyncDispose]());

/** How the test cluster's own images are called: one for agents, one with nothing in it but a program that waits. */
const agent = "/gascity-agent:";
const small = { GC_K8S_CPU_REQUEST: "10m", GC_K8S_MEM_REQUEST: "16Mi" };

function check(image: string, settings: Readonly<Record<string, string>> = {}) {
  const env = { GC_SESSION: "k8s", GC_K8S_NAMESPACE: namespace.name, ...small, ...settings };
  return runGascity(["session", "check-image", image], { env });
}

describe.concurrent("gascity session check-image", () => {
  it("takes an image in which an agent can run", async () => {
    expect(await check(namespace.image)).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it.each([
    ["one that the registry does not have", (image: string) => `${image}-not`, /cannot be pulled: .*not found/u],
    ["what is no image's name", () => "No Image", /name is not valid/u],
  ])("refuses %s", async (_, imageOf, words) => {
    const stderr = expect.stringMatching(words) as string;
    expect(await check(imageOf(namespace.image))).toEqual({ code: 1, stdout: "", stderr });
  });

  // Another cluster's images are not known here.
  it.runIf(process.env["GASCITY_TEST_IMAGE"]?.includes(agent))("refuses one without a shell", async () => {
    const stderr = expect.stringMatching(/\/bin\/sh.*no such file/u) as string;
    expect(await check(namespace.image.replace(agent, "/gascity-pause:"))).toEqual({ code: 1, stdout: "", stderr });
  });

  it("does not say that an image is bad when no node has room to try it, and leaves no pod", async () => {
    const stderr = expect.stringMatching(/not known after 25 s \(.*[Ii]nsufficient cpu/u) as string;
    const huge = { GC_K8S_CPU_REQUEST: "1000", GC_K8S_CPU_LIMIT: "1000" };
    expect(await check(namespace.image, huge)).toEqual({ code: 2, stdout: "", stderr });
    // By now the other checks have long ended.
    await vi.waitFor(async () => expect(await podNames(namespace)).toEqual([]), 30_000);
  });
});
