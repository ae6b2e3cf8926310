import { basename, posix } from "node:path";
import type { KubernetesSettings } from "../../city/kubernetes-settings.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import { placeInside } from "../place-inside.ts";
import { podPlaces, workspace } from "./pod-places.ts";

/** Files to bring into the pod before the agent starts. */
export interface StagingCopy {
  /** A file or folder of the controller's machine; one that does not exist is skipped. */
  readonly source: string;
  /** Its place in the pod: the folder that receives a folder's content, or the file itself. */
  readonly destination: string;
  /** Whether an entry of a folder stays behind, with all below it; `path` is relative to `source`, with `/`. */
  readonly leaveOut: (path: string) => boolean;
  /** It holds the session's work: where that survives the pod, a later pod must not write over it. */
  readonly isWork?: boolean;
}

/**
 * What a session's pod needs of the controller's files before its overlay: the city without its runtime state, its version
 * control and anything secret; then the session's own folder, if it has one, with its version control. A
 * prebaked image has the city in it.
 */
export function stagingPlan(config: SessionConfig, settings: Pick<KubernetesSettings, "prebaked">): StagingCopy[] {
  if (settings.prebaked) return [];
  const { city, own, worktree } = podPlaces(config, settings);
  const plan: StagingCopy[] = [];
  if (city !== "") {
    const copiedApart = own?.source.startsWith(`${city}/`) ? own.source.slice(city.length + 1) : undefined;
    const repository = worktree && !own ? ".git" : undefined;
    const stays = (path: string): boolean => path !== repository && staysWithCity.has(basename(path));
    plan.push({
      source: city,
      destination: workspace,
      leaveOut: (path) => path === copiedApart || stays(path) || isSecret(basename(path)),
      isWork: !own,
    });
  }
  if (own) {
    plan.push({
      ...own,
      leaveOut: (path) => basename(path) === ".gc" || isSecret(basename(path)),
      isWork: true,
    });
  }
  return plan;
}

/** The single files and folders that come last. Fails with `unsupported` for a destination outside the workspace. */
export function copiedFiles(
  { copyFiles }: SessionConfig,
  settings: Pick<KubernetesSettings, "prebaked">,
): StagingCopy[] {
  if (settings.prebaked) return [];
  return copyFiles.map(({ src, relDst }) => ({
    source: src,
    destination: posix.join(workspace, placeInside(src, relDst)),
    leaveOut: () => false,
  }));
}

/** Runtime state of this machine, version control, the beads database: the cluster has or makes its own. */
const staysWithCity = new Set([".gc", ".git", ".beads"]);

/** As `gc build-image` leaves them out (k8s-wire §1.7). */
function isSecret(name: string): boolean {
  return name === ".env" || /^credentials\.(?:json|ya?ml)$/u.test(name) || /\.(?:secret|pem|key)$/u.test(name);
}
