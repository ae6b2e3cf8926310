import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { env } from "node:process";
import { promisify } from "node:util";
import type { Log } from "../../lib/log.ts";
import { problemOf } from "../../lib/problem.ts";

const run = promisify(execFile);

/** In bytes; the names of a million files. */
const longestAnswer = 256 * 1024 * 1024;

/**
 * What git ignores below a folder, also in repositories below it: paths relative to it with `/`; a folder stands for all
 * in it. Nothing that is tracked, nor below what `leaveOut` names. Empty where there is no repository, or the folder itself
 * is ignored; a repository that git cannot read is told and has nothing ignored.
 */
export async function ignoredFiles(
  folder: string,
  leaveOut: (path: string) => boolean,
  log: Log,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const ignored = new Set<string>();
  const visit = async (prefix: string): Promise<void> => {
    const place = join(folder, prefix);
    const entries = await readdir(place, { withFileTypes: true }).catch(() => []);
    const isRepository = entries.some(({ name }) => name === ".git");
    if (isRepository || prefix === "") {
      const found = ignoredIn(place, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        if (isRepository) log.warn(`what git ignores in ${place} is not known: ${problemOf(error).reason}`);
        return [];
      });
      for (const path of await found) ignored.add(prefix + path);
    }
    for (const entry of entries) {
      const path = prefix + entry.name;
      if (!entry.isDirectory() || entry.name === ".git" || ignored.has(path) || leaveOut(path)) continue;
      await visit(`${path}/`);
    }
  };
  await visit("");
  return ignored;
}

async function ignoredIn(folder: string, signal: AbortSignal): Promise<readonly string[]> {
  const git = async (...args: string[]): Promise<string> => {
    // A repository's own configuration could name a program to be run.
    const argv = ["-C", folder, "-c", "core.fsmonitor=false", ...args];
    return (await run("git", argv, { env: ownEnvironment(), maxBuffer: longestAnswer, signal })).stdout;
  };
  const itself = await git("check-ignore", "-q", ".").then(
    () => true,
    (error: { code?: unknown }) => {
      if (error.code === 1) return false;
      throw error;
    },
  );
  if (itself) return [];
  const paths = await git("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory");
  return paths.split("\0").flatMap((path) => (path ? [path.replace(/\/$/u, "")] : []));
}

/** GIT_DIR and the like would make git speak of another repository. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("GIT_")));
}
