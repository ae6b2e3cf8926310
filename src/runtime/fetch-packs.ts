import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { CitySource } from "../city/city-source.ts";
import { composeCity } from "../city/compose/compose-city.ts";
import type { PackClone } from "../city/compose/pack-clone.ts";
import { ProblemError } from "../lib/problem.ts";

const run = promisify(execFile);

/**
 * Clones with git what the city's packs are missing, to where gc keeps them too, until nothing is missing: a pack may
 * lead to others. `report` hears of each before it is cloned. Resolves with the clones. Fails with `unsupported` when git
 * is not there or cannot clone one; those before it stay.
 */
export async function fetchPacks(
  source: CitySource,
  report: (clone: PackClone) => void,
  signal: AbortSignal,
): Promise<readonly PackClone[]> {
  const fetched = new Map<string, PackClone>();
  for (;;) {
    const { findings } = composeCity(source.files, source.root, source);
    const missing = findings.map(({ clone }) => clone).find((clone) => clone && !fetched.has(clone.into));
    if (!missing) return [...fetched.values()];
    report(missing);
    await clonePack(missing, source.env, signal);
    fetched.set(missing.into, missing);
  }
}

/** A clone is there whole or not at all. */
async function clonePack({ repository, ref, into }: PackClone, env: CitySource["env"], signal: AbortSignal) {
  await mkdir(dirname(into), { recursive: true });
  const folder = await mkdtemp(`${into}-`);
  const unfinished = join(folder, "clone");
  // Nobody is there to answer a question of git's.
  const options = { env: { ...env, GIT_TERMINAL_PROMPT: "0" }, signal };
  const isCommit = /^[0-9a-f]{40}$/u.test(ref);
  const branch = isCommit ? [] : ["--depth", "1", ...(ref === "" ? [] : ["--branch", ref])];
  try {
    await run("git", ["clone", "--quiet", ...branch, "--", repository, unfinished], options);
    if (isCommit) await run("git", ["-C", unfinished, "checkout", "--quiet", ref], options);
    // What is there without being a clone is of no use to gc either.
    await rm(into, { recursive: true, force: true });
    await rename(unfinished, into);
  } catch (error) {
    signal.throwIfAborted();
    throw cannotClone(repository, ref, error as GitError);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface GitError {
  readonly code?: unknown;
  readonly stderr?: string;
  readonly message: string;
}

function cannotClone(repository: string, ref: string, error: GitError): ProblemError {
  const missing = error.code === "ENOENT";
  const words = error.stderr?.trim().split("\n").at(-1)?.trim() || error.message;
  return new ProblemError(
    {
      code: "unsupported",
      reason: `${repository}${ref === "" ? "" : ` at ${ref}`} cannot be fetched: ${missing ? "git is not installed" : words}`,
      action: missing
        ? "Install git, then fetch the packs again"
        : "Check the address, the ref and that git can reach it from here, then fetch the packs again",
    },
    { cause: error },
  );
}
