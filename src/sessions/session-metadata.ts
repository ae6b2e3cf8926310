import { ProblemError, problemOf } from "../lib/problem.ts";
import { type TmuxRunner, literal } from "./agent-verbs.ts";

/**
 * Notes on a session are variables of its tmux session, as for gc (k8s-wire §8): what runs in the session later sees them,
 * and they end with it.
 */
export async function setMeta(tmux: TmuxRunner, key: string, value: string): Promise<void> {
  await tmux.run(["set-environment", "-t", tmux.pane, checkedKey(key), literal(value)]);
}

/** The value of a note; empty when there is none. */
export async function getMeta(tmux: TmuxRunner, key: string): Promise<string> {
  try {
    const lines = await tmux.run(["show-environment", "-t", tmux.pane, checkedKey(key)]);
    const [, value = ""] = /^[^=]*=(.*)$/su.exec(lines.join("\n")) ?? [];
    return value;
  } catch (error) {
    if (problemOf(error).reason.includes("unknown variable")) return "";
    throw error;
  }
}

/** Takes a note away; one that is not there is gone already. */
export async function removeMeta(tmux: TmuxRunner, key: string): Promise<void> {
  await tmux.run(["set-environment", "-t", tmux.pane, "-u", checkedKey(key)]);
}

function checkedKey(key: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_.-]*$/u.test(key)) return key;
  throw new ProblemError({
    code: "unsupported",
    reason: `${JSON.stringify(key)} cannot be the name of a note on a session`,
    action: "Use letters, digits and _",
  });
}
