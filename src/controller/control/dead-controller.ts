import { hostname } from "node:os";
import { kill } from "node:process";
import { untilAborted } from "../../kubernetes/until-aborted.ts";
import type { CityControl } from "./city-control.ts";
import type { ControlState } from "./control-state.ts";

// In milliseconds. A lease whose holder is dead is over after 15 s.
const patience = 20_000;

/**
 * Whether the lease's holder says that it was a process of this machine which is not there any more, though it could not be
 * succeeded at once (succession.ts): this machine was started anew since, or runs macOS. It may be of another machine of the
 * same name, so that this is no leave to act, but worth waiting for.
 */
export function hasDiedHere(state: ControlState): boolean {
  if (state.kind !== "elsewhere" || state.where !== "the cluster") return false;
  return state.host === hostname() && state.pid !== undefined && !exists(state.pid);
}

/** Waits, in line, until such a holder's lease is over; then, or after 20 s, who controls the city. Rejects when aborted. */
export async function untilReplaced(
  control: Pick<CityControl, "state" | "onDidChange">,
  signal: AbortSignal = new AbortController().signal,
): Promise<ControlState> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const watch = control.onDidChange((state) => {
    if (state.kind !== "taking" && !hasDiedHere(state)) resolve();
  });
  const enough = AbortSignal.timeout(patience);
  try {
    await untilAborted(promise, AbortSignal.any([signal, enough]));
  } catch {
    signal.throwIfAborted();
  } finally {
    watch.dispose();
  }
  return control.state;
}

function exists(pid: number): boolean {
  try {
    return kill(pid, 0);
  } catch (error) {
    // EPERM: it is somebody else's.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
