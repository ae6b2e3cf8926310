import { existsSync, mkdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { type Socket, connect, createServer } from "node:net";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { pid } from "node:process";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { controllerCities } from "../../../test/controller-city.ts";
import { silentLog } from "../../lib/log.ts";
import { askController, pingController } from "./ask-controller.ts";
import { controllerSocketPath } from "./controller-files.ts";
import { takeControllerLock } from "./controller-lock.ts";
import { ControllerSocket, type ControllerVerb } from "./controller-socket.ts";

const newCity = controllerCities();
let cleanUp: AsyncDisposableStack;
beforeEach(() => void (cleanUp = new AsyncDisposableStack()));
afterEach(async () => {
  vi.useRealTimers();
  await cleanUp.disposeAsync();
});

async function listen(root: string): Promise<{ readonly socket: ControllerSocket; readonly heard: ControllerVerb[] }> {
  const heard: ControllerVerb[] = [];
  const taken = await takeControllerLock(root);
  if (taken.kind === "theirs") expect.fail("somebody else holds it");
  cleanUp.use(taken.lock);
  const socket = await ControllerSocket.open(
    root,
    taken.lock,
    { perform: (verb) => void heard.push(verb), state: () => `{"name":"${"n".repeat(100_000)}"}` },
    silentLog,
  );
  cleanUp.defer(() => socket.dispose());
  return { socket, heard };
}

async function dial(root: string): Promise<Socket> {
  const client = connect({ path: controllerSocketPath(root), allowHalfOpen: true });
  cleanUp.defer(() => void client.destroy());
  await once(client, "connect");
  return client.setEncoding("utf8");
}

describe("what is asked", () => {
  it.each([
    ["ping\n", `${pid}\n`, []],
    ["ping\r\n", `${pid}\n`, []],
    ["ping\nstop\n", `${pid}\n`, []],
    ["stop\n", "ok\n", ["stop"]],
    ["poke\n", "ok\n", ["poke"]],
    ["reload\n", "ok\n", ["reload"]],
    ["yield\n", "ok\n", ["yield"]],
    ["control-dispatcher\n", "ok\n", ["poke"]],
    [" ping\n", "", []],
    ["PING\n", "", []],
    ["\n", "", []],
    ["toString\n", "", []],
    ["converge:{}\n", expect.stringContaining('{"error":'), []],
    ["trace-status\n", expect.stringContaining('{"ok":false,'), []],
    [`ping${" ".repeat(2 ** 20)}\n`, "", []],
  ])("%j", async (request, reply, verbs) => {
    const root = newCity();
    const { heard } = await listen(root);
    const client = await dial(root);
    client.on("error", () => {}).write(request);
    expect(await text(client).catch(() => "")).toEqual(reply);
    expect(heard).toEqual(verbs);
  });

  it("needs no line end when nothing follows", async () => {
    const root = newCity();
    await listen(root);
    const client = await dial(root);
    client.end("ping");
    expect(await text(client)).toBe(`${pid}\n`);
  });

  it("may come in pieces", async () => {
    const root = newCity();
    const { heard } = await listen(root);
    const client = await dial(root);
    client.write("st");
    // The first piece is read before another asker is served.
    expect(await pingController(root)).toBe(pid);
    client.write("op\n");
    expect(await text(client)).toBe("ok\n");
    expect(heard).toEqual(["stop"]);
  });
});

it("ends whoever says nothing, and whoever does not hang up", async () => {
  const root = newCity();
  await listen(root);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const [silent, answered] = [await dial(root), await dial(root)];
  answered.write("ping\n");
  const closed = [silent, answered].map((client) => text(client));
  expect(await closed[1]).toBe(`${pid}\n`);
  vi.advanceTimersByTime(5000);
  expect(await closed[0]).toBe("");
  // A half-open client's next word finds nobody.
  const refused = once(answered, "error");
  answered.write("ping\n");
  expect((await refused)[0]).toMatchObject({ code: "EPIPE" });
});

it("serves no more than 64 at once, and others again when they have gone", async () => {
  const root = newCity();
  await listen(root);
  const clients = await Promise.all(Array.from({ length: 64 }, () => dial(root)));
  expect(await pingController(root)).toBeUndefined();
  for (const client of clients) client.destroy();
  await vi.waitFor(async () => expect(await pingController(root)).toBe(pid));
});

it("replaces the socket that a killed controller has left", async () => {
  const root = newCity();
  const path = controllerSocketPath(root);
  mkdirSync(dirname(path), { recursive: true });
  const other = createServer().listen(path);
  await once(other, "listening");
  cleanUp.defer(() => void other.close());
  await listen(root);
  expect(await pingController(root)).toBe(pid);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it("is opened only by who holds the lock", async () => {
  const root = newCity();
  const taken = await takeControllerLock(root);
  if (taken.kind === "theirs") expect.fail("somebody else holds it");
  await taken.lock[Symbol.asyncDispose]();
  await expect(ControllerSocket.open(root, taken.lock, { perform() {}, state: () => "" }, silentLog)).rejects.toThrow(
    "not held",
  );
  expect(existsSync(controllerSocketPath(root))).toBe(false);
});

it("is gone when disposed, though not before the last reply", async () => {
  const root = newCity();
  const { socket, heard } = await listen(root);
  const asked = askController(root, "stop");
  await vi.waitFor(() => expect(heard).toEqual(["stop"]));
  socket.dispose();
  expect(await asked).toBe("ok");
  expect(existsSync(controllerSocketPath(root))).toBe(false);
  expect(await askController(root, "ping")).toBeUndefined();
});

it("leaves another's socket alone that has come in its place", async () => {
  const root = newCity();
  const { socket } = await listen(root);
  const path = controllerSocketPath(root);
  rmSync(path);
  const other = createServer((client) => client.end("42\n")).listen(path);
  await once(other, "listening");
  cleanUp.defer(() => void other.close());
  socket.dispose();
  expect(await pingController(root)).toBe(42);
});

it("is where paths are short for a city whose path is long, under whatever name one asks", async () => {
  const root = newCity("a".repeat(100));
  await listen(root);
  expect(controllerSocketPath(root)).toMatch(/^\/tmp\/gascity-controller\//u);
  const link = join(newCity(), "link");
  symlinkSync(root, link);
  expect(await pingController(link)).toBe(pid);
});

describe("who asks", () => {
  it("is told how the city is, however much there is to tell", async () => {
    const root = newCity();
    await listen(root);
    expect(await askController(root, "state")).toBe(`{"name":"${"n".repeat(100_000)}"}`);
  });

  it("waits no longer than told for one that does not answer", async () => {
    const root = newCity();
    const path = controllerSocketPath(root);
    mkdirSync(dirname(path), { recursive: true });
    const mute = createServer(() => {}).listen(path);
    await once(mute, "listening");
    cleanUp.defer(() => void mute.close());
    await expect(askController(root, "ping", { timeout: 50 })).rejects.toMatchObject({
      problem: { code: "timed-out" },
    });
  });

  it.each([
    ["nonsense\n", undefined],
    ["", undefined],
    ["0\n", undefined],
    ["42\nmore\n", 42],
  ])("knows a process id: %j", async (said, expected) => {
    const root = newCity();
    const path = controllerSocketPath(root);
    mkdirSync(dirname(path), { recursive: true });
    const odd = createServer((client) => client.end(said)).listen(path);
    await once(odd, "listening");
    cleanUp.defer(() => void odd.close());
    expect(await pingController(root)).toBe(expected);
  });
});
