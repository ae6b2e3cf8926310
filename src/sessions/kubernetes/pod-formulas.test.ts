import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runningPod } from "../../../test/pod-view.ts";
import { ContainerIntake } from "./container-intake.ts";
import type { PodCalls } from "./pod-calls.ts";
import { stageFormulas } from "./pod-formulas.ts";

const run = promisify(execFile);

let folder: string;
/** The city on the controller's machine, and the pod's folders, which are of this machine, too. */
let city: string;
let pod: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gascity-formulas-"));
  [city, pod] = [join(folder, "city"), join(folder, "pod")];
  mkdirSync(city);
});
afterEach(() => rmSync(folder, { recursive: true }));

const place = ".beads/formulas";

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** Brings the city's formulas, each a text, into the pod. */
async function stage(texts: Record<string, string>): Promise<void> {
  const formulas = new Map(Object.entries(texts).map(([name, text]) => [name, write(`layer/${name}`, text)]));
  const calls: Pick<PodCalls, "run" | "copy"> = {
    run: async (_, __, [file = "", ...args]) => ({ ...(await run(file, args)), exitCode: 0 }),
    copy: async (_, __, { source, destination, leaveOut }) => {
      cpSync(source, destination, {
        recursive: true,
        filter: (path) => path === source || !leaveOut(relative(source, path)),
      });
      return { exitCode: 0, stdout: "", stderr: "" };
    },
  };
  await stageFormulas(
    new ContainerIntake(calls, runningPod(), "stage", AbortSignal.timeout(10_000)),
    { formulas: [{ folder: city, formulas }] },
    {
      path: (path) => (path === city ? pod : undefined),
      worktree: { repository: pod, folder: join(folder, "worktree") },
    },
  );
}

/** The formulas of a folder, by their names. */
function formulasIn(root: string): Record<string, string> {
  const names = readdirSync(join(root, place)).filter((name) => name !== ".gitignore");
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(root, place, name), "utf8")]));
}

it("brings formulas as files into the city's folder and its worktree, where git does not see them", async () => {
  await run("git", ["init", "-q", pod]);
  await stage({ "a.toml": "a", "b.toml": "b" });
  expect(formulasIn(pod)).toEqual({ "a.toml": "a", "b.toml": "b" });
  expect(formulasIn(join(folder, "worktree"))).toEqual(formulasIn(pod));
  expect((await run("git", ["-C", pod, "status", "--porcelain"])).stdout).toBe("");
});

it("brings them anew at each start, without those that have gone", async () => {
  await stage({ "a.toml": "a", "b.toml": "b" });
  await stage({ "b.toml": "changed" });
  expect(formulasIn(pod)).toEqual({ "b.toml": "changed" });
  await stage({});
  expect(readdirSync(join(pod, place))).toEqual([]);
});

it("leaves a file alone that somebody made in the pod, at every start", async () => {
  await stage({ "b.toml": "b" });
  write(`pod/${place}/a.toml`, "mine");
  for (const text of ["first", "second"]) {
    await stage({ "a.toml": text, "b.toml": text });
    expect(formulasIn(pod)).toEqual({ "a.toml": "mine", "b.toml": text });
  }
});

it("puts files in place of links, which came along from the controller's machine", async () => {
  mkdirSync(join(pod, place), { recursive: true });
  for (const name of ["a.toml", "gone.toml"]) symlinkSync("/nowhere", join(pod, place, name));
  await stage({ "a.toml": "a" });
  expect(formulasIn(pod)).toEqual({ "a.toml": "a" });
});

it("brings what is written in the city's own .beads/formulas, which wins", async () => {
  write(`city/${place}/a.toml`, "written there");
  symlinkSync("/nowhere", join(city, place, "b.toml"));
  await stage({ "a.toml": "a", "c.toml": "c" });
  expect(formulasIn(pod)).toEqual({ "a.toml": "written there", "c.toml": "c" });
});

it("makes no folder where there are no formulas", async () => {
  await stage({});
  expect(existsSync(pod)).toBe(false);
});
