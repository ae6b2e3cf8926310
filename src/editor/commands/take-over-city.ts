import type { ControlState } from "../../controller/control/control-state.ts";
import type { CityCommand } from "./command.ts";

/** Who controls the city now, and what becomes of it; undefined when there is nobody to take it from. */
function detailOf(control: ControlState): string | undefined {
  if (control.kind === "elsewhere") return `Controlled by ${control.by}, which will only watch from then on.`;
  return control.kind === "lost" ? `${control.problem.reason}.` : undefined;
}

/** Makes this window the city's controller in place of another one, after asking. */
export const takeOverCity: CityCommand = {
  kind: "city",
  id: "gascity.takeOverCity",
  title: "Take Over City",
  async run(runtime, { dialogs }) {
    const { name, control } = runtime.state;
    if (control.kind === "controlling") return dialogs.mention(`This window controls ${name} already`);
    const detail = detailOf(control);
    const question = `Take over the city ${name}?`;
    if (detail && !(await dialogs.confirm(question, `${detail} Its agents go on.`, "Take Over"))) return;
    await dialogs.progress(`Taking over ${name}`, (_report, signal) => runtime.takeOver(signal));
  },
};
