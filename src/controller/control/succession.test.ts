import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { controllerCities } from "../../../test/controller-city.ts";
import { silentLog } from "../../lib/log.ts";
import { controllerLockPath } from "./controller-files.ts";
import { takeControllerLock } from "./controller-lock.ts";
import { succeed } from "./succession.ts";

const newCity = controllerCities();
const notePath = (root: string): string => join(root, ".gc", "gascity", "lease-holders.json");

/** What one hears who takes the lock, and who then goes again. */
async function predecessors(root: string, identity: string, log = silentLog): Promise<readonly string[]> {
  const taken = await takeControllerLock(root);
  if (taken.kind === "theirs") expect.fail("somebody else holds it");
  await using lock = taken.lock;
  return succeed(root, lock, identity, log);
}

it("tells of all that had the lock before, the last one first, but of no more than eight", async () => {
  const root = newCity();
  expect(await predecessors(root, "a")).toEqual([]);
  expect(await predecessors(root, "b")).toEqual(["a"]);
  expect(await predecessors(root, "a")).toEqual(["b", "a"]);
  expect(await predecessors(root, "c")).toEqual(["a", "b"]);
  for (const identity of "defghijk") await predecessors(root, identity);
  expect(await predecessors(root, "l")).toEqual(Array.from("kjihgfed"));
});

it("tells of nobody in a copy of the folder, whose former holder lives in the original", async () => {
  const [root, copy] = [newCity(), newCity()];
  await predecessors(root, "a");
  cpSync(root, copy, { recursive: true });
  expect(await predecessors(copy, "b")).toEqual([]);
  expect(await predecessors(root, "c")).toEqual(["a"]);
});

it("tells of nobody once the lock's file was made anew while its holder lives", async () => {
  const root = newCity();
  const taken = await takeControllerLock(root);
  if (taken.kind === "theirs") expect.fail("somebody else holds it");
  await using former = taken.lock;
  await succeed(root, former, "a", silentLog);
  rmSync(controllerLockPath(root));
  expect(await predecessors(root, "b")).toEqual([]);
  expect(former.isHeld()).toBe(false);
});

it.each(["machine", "boot"])("tells of nobody of another %s", async (part) => {
  const root = newCity();
  await predecessors(root, "a");
  const { lock, holders } = JSON.parse(readFileSync(notePath(root), "utf8")) as { lock: string; holders: string[] };
  const [machine, boot, file] = lock.split(" ");
  const other = part === "boot" ? [machine, "another", file] : ["another", boot, file];
  writeFileSync(notePath(root), JSON.stringify({ lock: other.join(" "), holders }));
  expect(await predecessors(root, "b")).toEqual([]);
});

it.each(["", "{", "[]", `{"lock":1,"holders":["a"]}`, `{"holders":["a"]}`])(
  "tells of nobody when what was left is %j",
  async (text) => {
    const root = newCity();
    mkdirSync(dirname(notePath(root)), { recursive: true });
    writeFileSync(notePath(root), text);
    expect(await predecessors(root, "a")).toEqual([]);
    expect(await predecessors(root, "b")).toEqual(["a"]);
  },
);

it("goes on, and says so, where no name can be left", async () => {
  const root = newCity();
  await predecessors(root, "a");
  renameSync(dirname(notePath(root)), join(root, "aside"));
  writeFileSync(dirname(notePath(root)), "in the way");
  const warnings: string[] = [];
  expect(await predecessors(root, "b", { ...silentLog, warn: (line) => warnings.push(line) })).toEqual([]);
  expect(warnings).toEqual([expect.stringContaining("the next one waits for its lease")]);
});
