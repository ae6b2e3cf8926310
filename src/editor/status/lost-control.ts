import type { Disposable } from "../../lib/disposable.ts";
import { takeOverCity } from "../commands/take-over-city.ts";
import type { Dialogs } from "../dialogs.ts";
import type { CityRuntime } from "../../runtime/city-runtime.ts";
import type { CityState } from "../../runtime/city-state.ts";

/** Tells the person once whenever this window, which controlled the city, does so no more against its will. */
export function tellLostControl(runtime: CityRuntime, dialogs: Pick<Dialogs, "warn">): Disposable {
  let controlled = false;
  return runtime.onDidChange((state) => {
    const text = controlled ? lossOf(state) : undefined;
    if (text !== undefined) dialogs.warn(text, [{ title: takeOverCity.title, command: takeOverCity.id }]);
    if (state.control.kind !== "taking") controlled = state.control.kind === "controlling";
  });
}

function lossOf({ name, control }: CityState): string | undefined {
  if (control.kind === "elsewhere") {
    return `${name} is controlled by ${control.by} now. Its agents go on, and this window watches.`;
  }
  if (control.kind !== "lost") return undefined;
  const { code, reason, action } = control.problem;
  if (code !== "controlled-elsewhere") return `${name}: ${reason}. ${action}.`;
  return `${name}: ${reason}. Its agents go on, and this window watches.`;
}
