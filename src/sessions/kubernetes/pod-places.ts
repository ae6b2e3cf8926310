import { basename } from "node:path";
import type { SessionConfig } from "../../city/session-config.ts";
import type { PodWorktree } from "./pod-worktree.ts";

/** Where the city's files are in every agent's pod. */
export const workspace = "/workspace";
/** Where folders from outside the city are: no city has one of this name. */
const outsideFolders = `${workspace}/.rigs`;
const worktrees = `${workspace}/.worktrees`;

/** A folder of the controller's machine, and where the pod has it. */
export interface FolderInPod {
  readonly source: string;
  readonly destination: string;
}

/** What of the controller's machine is where in a session's pod. */
export interface PodPlaces {
  /** The city's folder on the controller's machine; empty when the session's environment does not name it. */
  readonly city: string;
  /** The folder that the session has beside the city, which may be a part of it: its rig's, else its work dir. */
  readonly own: FolderInPod | undefined;
  /** The worktree that the session works in; undefined when it works where its files are brought to. */
  readonly worktree: PodWorktree | undefined;
  /** The session's working directory in the pod. */
  readonly workDir: string;
  /** A path in the pod if it is the city's folder, the session's own, or below one of them, else undefined. */
  readonly path: (path: string) => string | undefined;
  /**
   * A command with these folders where the pod has them, the session's own as its worktree. Every mention of the city counts, also as the beginning of
   * another path, as in gc (k8s-wire §1.3).
   */
  readonly command: (command: string) => string;
}

const cityVariables = ["GC_CITY", "GC_CITY_PATH", "GC_CITY_ROOT"];

/**
 * Where a session's pod has what: the city in /workspace, the same place below it for what is below the city. A rig or work
 * dir outside the city is apart from it, where gc mixes both (gascity-spec §9.2, 13), unless the image has the city in it:
 * then only it knows, and the agent works in /workspace as with gc. Pure.
 */
export function podPlaces(config: SessionConfig, { prebaked }: { readonly prebaked: boolean }): PodPlaces {
  const city = cityVariables.map((name) => config.env[name]?.trim() ?? "").find((path) => path !== "") ?? "";
  const own = ownFolder(config, city);
  const isApart = own !== undefined && city !== "" && !isWithin(own.source, city) && !prebaked;
  const worktree = config.pod?.worktree ? worktreeOf(own ?? { source: city, destination: workspace }) : undefined;
  const inPod = (path: string): string | undefined => {
    if (city !== "" && isWithin(path, city)) return workspace + path.slice(city.length);
    return isApart && isWithin(path, own.source) ? own.destination + path.slice(own.source.length) : undefined;
  };
  const works = inPod(config.workDir) ?? workspace;
  const moved = own && (isApart || worktree) ? { ...own, destination: worktree?.folder ?? own.destination } : undefined;
  return {
    city,
    own,
    worktree,
    workDir: worktree ? worktree.folder + works.slice(worktree.repository.length) : works,
    path: inPod,
    command: (command) => withFolders(command, city, moved),
  };
}

function worktreeOf({ source, destination }: FolderInPod): PodWorktree {
  return { repository: destination, folder: `${worktrees}/${basename(source)}` };
}

function ownFolder({ workDir, env }: SessionConfig, city: string): FolderInPod | undefined {
  if (workDir === "" || workDir === city || workDir === workspace) return undefined;
  if (city === "") return { source: workDir, destination: workspace };
  const rig = env["GC_RIG_ROOT"]?.trim() ?? "";
  const source = rig !== "" && isWithin(workDir, rig) && !isWithin(city, rig) ? rig : workDir;
  const destination = isWithin(source, city)
    ? workspace + source.slice(city.length)
    : `${outsideFolders}/${basename(source)}`;
  return { source, destination };
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function withFolders(command: string, city: string, own: FolderInPod | undefined): string {
  if (!own || city === "") return city === "" ? command : command.replaceAll(city, workspace);
  // At once, so that nothing is found in what was put in; the longer first, as one may begin like the other.
  const whole = String.raw`(?<![\p{L}\p{N}_./-])${literal(own.source)}(?![\p{L}\p{N}_-]|\.\w)`;
  const either = own.source.length > city.length ? [whole, literal(city)] : [literal(city), whole];
  return command.replace(new RegExp(either.join("|"), "gu"), (found) =>
    found === own.source ? own.destination : workspace,
  );
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
}
