import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiServer } from "../../test/api-server.ts";
import { contextNames, namespaceNames, podImages } from "./cluster-lists.ts";

const never = new AbortController().signal;

/** A server that answers each path with its list. */
function serve(lists: Readonly<Record<string, readonly unknown[]>>): Promise<ApiServer> {
  return ApiServer.start({
    request({ url = "" }, response) {
      const items = lists[url.split("?")[0] ?? ""];
      if (items) response.end(JSON.stringify({ items }));
      else response.writeHead(403).end(JSON.stringify({ kind: "Status", message: "forbidden", reason: "Forbidden" }));
    },
  });
}

describe("namespaceNames", () => {
  it("sorts them", async () => {
    const items = ["gc", "default"].map((name) => ({ metadata: { name } }));
    await using server = await serve({ "/api/v1/namespaces": items });
    expect(await namespaceNames(server.connection, never)).toEqual(["default", "gc"]);
  });

  it("passes on that they may not be seen", async () => {
    await using server = await serve({});
    await expect(namespaceNames(server.connection, never)).rejects.toThrow("forbidden");
  });
});

describe("podImages", () => {
  const pod = (...images: readonly (string | undefined)[]) => ({
    spec: { containers: images.map((image) => (image === undefined ? {} : { image })) },
  });

  it("names each once, the most used first", async () => {
    await using server = await serve({ "/api/v1/namespaces/gc/pods": [pod("a:1", "b:1"), pod("b:1"), pod(undefined)] });
    expect(await podImages(server.connection, "gc", never)).toEqual(["b:1", "a:1"]);
  });

  it("asks no other API by way of a name", async () => {
    await using server = await serve({});
    await expect(podImages(server.connection, "../secrets", never)).rejects.toThrow("cannot be a name");
  });
});

describe("contextNames", () => {
  const folder = mkdtempSync(join(tmpdir(), "gascity-contexts-"));
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it("begins with the current one", () => {
    const named = (name: string) => ({ name, context: { cluster: "c", user: "u" } });
    const config = {
      clusters: [{ name: "c", cluster: { server: "https://localhost:1" } }],
      users: [{ name: "u", user: {} }],
      contexts: ["test", "prod"].map(named),
      "current-context": "prod",
    };
    writeFileSync(join(folder, "config"), JSON.stringify(config));
    vi.stubEnv("KUBECONFIG", join(folder, "config"));
    expect(contextNames()).toEqual(["prod", "test"]);
  });
});
