import { expect, it, onTestFinished } from "vitest";
import { serveEndpoints } from "./endpoints.ts";

async function serve(live = true) {
  const answers = {
    live: () => ({ ok: live, text: "live" }),
    ready: () => ({ ok: !live, text: "why not" }),
    metrics: () => "# EOF\n",
  };
  const endpoints = await serveEndpoints({ host: "127.0.0.1", port: 0 }, answers);
  onTestFinished(() => endpoints.dispose());
  return {
    ...endpoints,
    get: (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${endpoints.port}${path}`, init),
  };
}

it("answers probes with 200 or 503 and the reason", async () => {
  const { get } = await serve();
  const live = await get("/healthz");
  expect([live.status, await live.text()]).toEqual([200, "live\n"]);
  const ready = await get("/readyz?verbose");
  expect([ready.status, await ready.text()]).toEqual([503, "why not\n"]);
});

it("tells metrics as OpenMetrics, and nothing else", async () => {
  const { get } = await serve();
  const metrics = await get("/metrics");
  expect([metrics.headers.get("content-type"), await metrics.text()]).toEqual([
    "application/openmetrics-text; version=1.0.0; charset=utf-8",
    "# EOF\n",
  ]);
  expect((await get("/metrics", { method: "HEAD" })).status).toBe(200);
  expect((await get("/metrics", { method: "POST" })).status).toBe(405);
  expect((await get("/")).status).toBe(404);
});

it("says that a port is taken, and frees its own when it is disposed", async () => {
  const taken = await serve();
  const { port } = taken;
  const answers = { live: () => ({ ok: true, text: "" }), ready: () => ({ ok: true, text: "" }), metrics: () => "" };
  await expect(serveEndpoints({ host: "127.0.0.1", port }, answers)).rejects.toThrow(/EADDRINUSE.*another port/u);
  taken.dispose();
  (await serveEndpoints({ host: "127.0.0.1", port }, answers)).dispose();
});
