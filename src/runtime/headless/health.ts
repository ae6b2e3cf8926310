import type { CityState } from "../city-state.ts";

/** What a probe is told. */
export interface Health {
  readonly ok: boolean;
  /** For a person, one line. */
  readonly text: string;
}

// In seconds. A round asks running sessions and writes a file; each of its calls has a deadline far below this.
const stuckAfter = 180;

/** Whether the controller's loop goes on; `roundSeconds` is how long the round under way has taken, if there is one. */
export function liveness(roundSeconds: number | undefined): Health {
  if (roundSeconds === undefined || roundSeconds < stuckAfter) return { ok: true, text: "alive" };
  return { ok: false, text: `the controller has been stuck in one round for ${Math.floor(roundSeconds)} s` };
}

/** Whether the city is controlled from here and its sessions are seen. */
export function readiness(state: CityState): Health {
  const reason = unready(state);
  return reason === undefined ? { ok: true, text: "ready" } : { ok: false, text: reason };
}

function unready({ phase, control, problem }: CityState): string | undefined {
  if (phase === "invalid") return "the city does not load";
  if (phase === "stopping") return "the city is being stopped";
  if (problem) return `${problem.reason}. ${problem.action}`;
  switch (control.kind) {
    case "elsewhere":
      return `the city is controlled by ${control.by}`;
    case "lost":
      return `${control.problem.reason}. ${control.problem.action}`;
    case "taking":
      return "it is not known yet whether the city can be controlled from here";
    case "free":
      return "the city is not controlled from here";
    case "controlling":
      return phase === "loading" ? "the sessions have not been seen yet" : undefined;
  }
}
