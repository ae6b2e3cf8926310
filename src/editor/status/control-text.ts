import type { CityState } from "../../runtime/city-state.ts";

type Controlled = Pick<CityState, "phase" | "control">;

/** Whether somebody else controls the city, or took it from this window. */
export function hasOtherController({ control }: Controlled): boolean {
  return control.kind === "elsewhere" || control.kind === "lost";
}

/** Whether the city counts as started though nobody keeps its agents alive: whoever did has gone. */
export function isUncontrolled({ phase, control }: Controlled): boolean {
  return phase === "running" && control.kind === "free";
}

/** Who controls the city, in a few words, for the status bar; empty while it is this window, or nobody needs to. */
export function controlText(state: Controlled): string {
  if (state.control.kind === "elsewhere") return "controlled elsewhere";
  if (state.control.kind === "lost") return "control lost";
  return isUncontrolled(state) ? "not controlled" : "";
}

/** The same in full sentences, with what follows from it; undefined while it is this window, or nobody needs to. */
export function controlSentence(state: Controlled): string | undefined {
  const { control } = state;
  if (control.kind === "elsewhere") return `Controlled by ${control.by}; this window watches.`;
  if (control.kind === "lost") return `${control.problem.reason}. ${control.problem.action}.`;
  if (isUncontrolled(state))
    return "Whoever controlled this city has gone: nothing restarts its agents. Start it again.";
  return state.phase === "running" && control.kind === "taking" ? "Taking control of the city…" : undefined;
}
