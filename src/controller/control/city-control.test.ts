import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pid } from "node:process";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { controllerCities } from "../../../test/controller-city.ts";
import { silentLog } from "../../lib/log.ts";
import { askController } from "./ask-controller.ts";
import { CityControl } from "./city-control.ts";
import type { ControlState } from "./control-state.ts";
import { controllerLockPath, controllerSocketPath } from "./controller-files.ts";
import { takeControllerLock } from "./controller-lock.ts";
import { ControllerSocket } from "./controller-socket.ts";

const newCity = controllerCities();
let own: AsyncDisposableStack;
beforeEach(() => void (own = new AsyncDisposableStack()));
afterEach(() => own.disposeAsync());

function open(root: string, perform: (verb: string) => void = () => {}): CityControl {
  return own.use(new CityControl({ root, kind: "editor", perform, log: silentLog }));
}

it("is controlled by who asks first; another hears who it is, and when it is free", async () => {
  const root = newCity();
  const [first, second] = [open(root), open(root)];
  expect(await first.acquire()).toEqual({ kind: "controlling" });
  expect(first.mayAct()).toBe(true);
  expect(await second.acquire()).toMatchObject({ kind: "elsewhere", where: "this machine", pid });
  expect(second.mayAct()).toBe(false);
  await first.release();
  expect(first.mayAct()).toBe(false);
  expect(first.state).toEqual({ kind: "free" });
  await vi.waitFor(() => expect(second.state).toEqual({ kind: "free" }));
  expect(await second.acquire()).toEqual({ kind: "controlling" });
});

it("is looked at without being taken", async () => {
  const root = newCity();
  const [first, observer] = [open(root), open(root)];
  expect(await observer.look()).toEqual({ kind: "free" });
  await first.acquire();
  expect(await observer.look()).toMatchObject({ kind: "elsewhere", pid });
  expect(await first.look()).toEqual({ kind: "controlling" });
  await first.release();
  await vi.waitFor(() => expect(observer.state).toEqual({ kind: "free" }));
});

it("notices who comes after it has looked, and who comes after him", async () => {
  const root = newCity();
  const [observer, first, second] = [open(root), open(root), open(root)];
  expect(await observer.look()).toEqual({ kind: "free" });
  await first.acquire();
  await vi.waitFor(() => expect(observer.state).toMatchObject({ kind: "elsewhere", pid }));
  await second.takeOver();
  await second.release();
  await vi.waitFor(() => expect([observer.state, first.state]).toEqual([{ kind: "free" }, { kind: "free" }]));
});

it("passes on what others on this machine ask", async () => {
  const root = newCity();
  const heard: string[] = [];
  const control = open(root, (verb) => {
    heard.push(verb);
    if (verb === "stop") void control.release();
  });
  await control.acquire();
  expect(await askController(root, "poke")).toBe("ok");
  expect(await askController(root, "reload")).toBe("ok");
  expect(await askController(root, "stop")).toBe("ok");
  expect(heard).toEqual(["poke", "reload", "stop"]);
  await vi.waitFor(async () => expect(await askController(root, "ping")).toBeUndefined());
  expect(await open(root).acquire()).toEqual({ kind: "controlling" });
});

it("is taken over from another of ours, which says why it stopped", async () => {
  const root = newCity();
  const heard: string[] = [];
  const [first, second] = [open(root, (verb) => heard.push(verb)), open(root)];
  await first.acquire();
  let both = false;
  const told: ControlState[] = [];
  first.onDidChange((state) => told.push(state));
  const watch = (): boolean => (both ||= first.mayAct() && second.mayAct());
  first.onDidChange(watch);
  second.onDidChange(watch);
  await second.takeOver();
  expect(second.mayAct()).toBe(true);
  expect(told.at(0)).toMatchObject({ kind: "lost", problem: { code: "controlled-elsewhere" } });
  // From then on it watches.
  await vi.waitFor(() => expect(first.state).toMatchObject({ kind: "elsewhere", where: "this machine", pid }));
  await first.takeOver();
  expect([first.mayAct(), second.mayAct(), both]).toEqual([true, false, false]);
  // None of that was to stop the city's agents.
  expect(heard).toEqual([]);
});

it("is taken over although another who stood in line came first, who is asked in its turn", async () => {
  const root = newCity();
  const [first, taker] = [open(root), open(root)];
  await first.acquire();
  const { ino } = statSync(controllerLockPath(root));
  const heard: string[] = [];
  const inLine = takeControllerLock(root, 10_000).then(async (taken) => {
    if (taken.kind === "theirs") throw new Error("it never came");
    const perform = (verb: string): void => {
      heard.push(verb);
      socket.dispose();
      void taken.lock[Symbol.asyncDispose]();
    };
    const socket = await ControllerSocket.open(root, taken.lock, { perform, state: () => "" }, silentLog);
  });
  await vi.waitFor(() => expect(readFileSync("/proc/locks", "utf8")).toMatch(new RegExp(`-> FLOCK .*:${ino} `, "u")));
  await taker.takeOver();
  await inLine;
  expect([taker.mayAct(), first.mayAct(), heard]).toEqual([true, false, ["yield"]]);
});

it("is not taken from one that does not know how to hand it over", async () => {
  const root = newCity();
  mkdirSync(join(root, ".gc"));
  const other = spawn("flock", [controllerLockPath(root), "sh", "-c", "echo held; exec cat"]);
  own.defer(() => void other.kill());
  await once(other.stdout, "data");
  const control = open(root);
  await expect(control.takeOver()).rejects.toMatchObject({ problem: { code: "controlled-elsewhere" } });
  expect(control.state).toMatchObject({ kind: "elsewhere", pid: undefined });
  other.stdin.end();
  await vi.waitFor(() => expect(control.state).toEqual({ kind: "free" }));
});

it("is lost when the lock's file is removed, and taken anew when asked for", async () => {
  const root = newCity();
  const control = open(root);
  await control.acquire();
  rmSync(controllerLockPath(root));
  expect(control.mayAct()).toBe(false);
  expect(control.state).toMatchObject({ kind: "lost", problem: { code: "control-lost" } });
  expect(await control.acquire()).toEqual({ kind: "controlling" });
  rmSync(controllerLockPath(root));
  expect(await control.acquire()).toEqual({ kind: "controlling" });
  expect(control.mayAct()).toBe(true);
});

it("says why it cannot be had, and keeps no lock then", async () => {
  const root = newCity();
  mkdirSync(controllerSocketPath(root), { recursive: true });
  writeFileSync(join(controllerSocketPath(root), "in the way"), "");
  expect(await open(root).acquire()).toMatchObject({
    kind: "lost",
    problem: { reason: expect.stringMatching(/controller\.sock/u) },
  });
  rmSync(controllerSocketPath(root), { recursive: true });
  expect(await open(root).acquire()).toEqual({ kind: "controlling" });
});

it("may be let go of and asked for in any order", async () => {
  const root = newCity();
  const control = open(root);
  await Promise.all([control.acquire(), control.release(), control.acquire(), control.acquire(), control.release()]);
  expect(control.state).toEqual({ kind: "free" });
  await Promise.all([control.release(), control.acquire()]);
  expect(control.mayAct()).toBe(true);
});
