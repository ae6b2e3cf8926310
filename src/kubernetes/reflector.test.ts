import type { ServerResponse } from "node:http";
import { afterEach, expect, it, vi } from "vitest";
import { ApiServer } from "../../test/api-server.ts";
import type { Problem } from "../lib/problem.ts";
import { Reflector, type ReflectorTiming } from "./reflector.ts";

interface Thing {
  readonly metadata: { readonly uid: string; readonly resourceVersion: string };
}

const impatient: ReflectorTiming = {
  healthy: 120_000,
  brief: 50,
  silence: 10_000,
  grace: 1000,
  backoff: { initial: 40, maximum: 200, factor: 2, jitter: 1 },
};

const thing = (uid: string, version: number): Thing => ({ metadata: { uid, resourceVersion: String(version) } });
const event = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** A reflector on a server whose lists and watches the test plays. */
async function reflect(
  list: (query: URLSearchParams) => unknown,
  watch: (query: URLSearchParams, response: ServerResponse) => void,
  timing = impatient,
) {
  const requests: string[] = [];
  const server = await ApiServer.start({
    request(request, response) {
      const { searchParams } = new URL(request.url ?? "", "http://host");
      const isWatch = searchParams.get("watch") === "true";
      requests.push(isWatch ? `watch from ${searchParams.get("resourceVersion")}` : "list");
      if (isWatch) watch(searchParams, response);
      else response.end(JSON.stringify(list(searchParams)));
    },
  });
  const items = new Map<string, string>();
  const told = { problem: undefined as Problem | undefined, problems: 0, synced: 0 };
  const reflector = new Reflector(
    {
      connection: server.connection,
      collection: ["things"],
      project: (object: Thing) => object.metadata.resourceVersion,
    },
    {
      put: (uid, version) => items.set(uid, version),
      remove: (uid) => items.delete(uid),
      synced: () => (told.synced += 1),
      problem(problem) {
        told.problem = problem;
        if (problem) told.problems += 1;
      },
    },
    timing,
  );
  cleanUps.push(
    () => server[Symbol.asyncDispose](),
    () => reflector.dispose(),
  );
  return { items, told, requests };
}

it("lists in pages, then watches from there", async () => {
  const { items, told, requests } = await reflect(
    (query) =>
      query.get("continue") === null
        ? { metadata: { continue: "more" }, items: [thing("a", 1)] }
        : { metadata: { resourceVersion: "7" }, items: [thing("b", 2)] },
    (_, response) => {
      response.write(event("ADDED", thing("c", 8)) + event("MODIFIED", thing("a", 9)));
      response.write(event("DELETED", thing("b", 10)) + event("BOOKMARK", { metadata: { resourceVersion: "11" } }));
    },
  );
  await vi.waitFor(() => expect(Object.fromEntries(items)).toEqual({ a: "9", c: "8" }), 10_000);
  expect(requests).toEqual(["list", "list", "watch from 7"]);
  expect(told).toEqual({ synced: 1, problem: undefined, problems: 0 });
});

it("resumes where the connection broke, and says what is wrong until it sees again", async () => {
  let watches = 0;
  const { items, told, requests } = await reflect(
    () => ({ metadata: { resourceVersion: "1" }, items: [] }),
    (_, response) => {
      watches += 1;
      if (watches === 1) response.write(event("ADDED", thing("a", 5)), () => response.destroy());
      else response.write(event("ADDED", thing("b", 6)));
    },
    // However slow the test is, the watch was brief.
    { ...impatient, brief: 60_000 },
  );
  await vi.waitFor(() => expect(Array.from(items.keys())).toEqual(["a", "b"]), 10_000);
  expect(requests).toEqual(["list", "watch from 1", "watch from 5"]);
  expect(told).toMatchObject({ synced: 1, problem: undefined, problems: 1 });
});

it.each([
  [
    "as the answer",
    (response: ServerResponse) =>
      response.writeHead(410).end(JSON.stringify({ kind: "Status", message: "too old", code: 410 })),
  ],
  [
    "in the stream",
    (response: ServerResponse) => response.write(event("ERROR", { kind: "Status", message: "too old", code: 410 })),
  ],
])("lists anew when the server has forgotten the place, told %s", async (_, forget) => {
  let lists = 0;
  const { items, told } = await reflect(
    () => ({
      metadata: { resourceVersion: String(++lists) },
      items: lists === 1 ? [thing("old", 1)] : [thing("new", 2)],
    }),
    (query, response) => {
      if (query.get("resourceVersion") === "1") forget(response);
    },
  );
  await vi.waitFor(() => expect(Array.from(items.keys())).toEqual(["new"]), 10_000);
  expect(told).toMatchObject({ synced: 2, problem: undefined, problems: 0 });
});

it("opens a watch anew from where it was when nothing comes any more, which is no problem", async () => {
  const { told, requests } = await reflect(
    () => ({ metadata: { resourceVersion: "1" }, items: [] }),
    (query, response) => {
      response.writeHead(200).flushHeaders();
      if (query.get("resourceVersion") === "1") {
        response.write(event("BOOKMARK", { metadata: { resourceVersion: "2" } }));
      }
    },
    { ...impatient, silence: 150 },
  );
  await vi.waitFor(() => expect(requests).toEqual(["list", "watch from 1", "watch from 2"]), 10_000);
  expect(told).toEqual({ synced: 1, problem: undefined, problems: 0 });
});

it("takes a watch that breaks for a problem only when it cannot be opened again", async () => {
  const opened: ServerResponse[] = [];
  let refuse = false;
  const { told, requests } = await reflect(
    () => ({ metadata: { resourceVersion: "1" }, items: [] }),
    (_, response) => {
      if (refuse) {
        response.writeHead(503).end();
        return;
      }
      response.writeHead(200).flushHeaders();
      opened.push(response);
    },
    { ...impatient, brief: 0 },
  );
  await vi.waitFor(() => expect(opened).toHaveLength(1), 10_000);
  opened[0]?.destroy();
  await vi.waitFor(() => expect(opened).toHaveLength(2), 10_000);
  expect(told.problems).toBe(0);
  refuse = true;
  opened[1]?.destroy();
  await vi.waitFor(() => expect(told.problem).toMatchObject({ code: "cluster-unreachable" }), 10_000);
  refuse = false;
  await vi.waitFor(() => expect(told.problem).toBeUndefined(), 12_000);
  expect(requests.filter((request) => request === "list")).toHaveLength(1);
}, 20_000);

it("explains a refusal and goes on trying", async () => {
  const server = await ApiServer.start({
    request: (_, response) =>
      response
        .writeHead(403)
        .end(JSON.stringify({ kind: "Status", message: 'User "x" cannot list resource "things"' })),
  });
  const problems: (Problem | undefined)[] = [];
  const reflector = new Reflector(
    { connection: server.connection, collection: ["things"], project: (object: Thing) => object },
    { put() {}, remove() {}, synced() {}, problem: (problem) => problems.push(problem) },
    impatient,
  );
  cleanUps.push(
    () => server[Symbol.asyncDispose](),
    () => reflector.dispose(),
  );
  await vi.waitFor(() => expect(problems.length).toBeGreaterThanOrEqual(2), 10_000);
  expect(problems[0]).toMatchObject({
    code: "cluster-forbidden",
    reason: "The user x may not list things in the cluster",
  });
});

it("says nothing more once it is disposed, not even what has already come", async () => {
  const server = await ApiServer.start({
    request(request, response) {
      if (request.url?.includes("watch=true")) {
        response.write(event("ADDED", thing("a", 1)) + event("ADDED", thing("b", 2)));
      } else response.end(JSON.stringify({ metadata: { resourceVersion: "1" }, items: [] }));
    },
  });
  cleanUps.push(() => server[Symbol.asyncDispose]());
  const put: string[] = [];
  const ended = Promise.withResolvers<void>();
  const reflector: Reflector<Thing, Thing> = new Reflector(
    { connection: server.connection, collection: ["things"], project: (object: Thing) => object },
    {
      put(uid) {
        put.push(uid);
        reflector.dispose();
        // After the rest of what has come.
        setImmediate(() => ended.resolve());
      },
      remove() {},
      synced() {},
      problem() {},
    },
  );
  await ended.promise;
  expect(put).toEqual(["a"]);
});
