import { FileBeadStore } from "../beads/file/file-bead-store.ts";
import { beadsFile } from "../beads/file/store-place.ts";
import type { City } from "../city/city.ts";
import type { CityControl, CityControlOptions } from "../controller/control/city-control.ts";
import { hasDiedHere, untilReplaced } from "../controller/control/dead-controller.ts";
import type { ControlState, OtherController } from "../controller/control/control-state.ts";
import { Controller } from "../controller/controller.ts";
import { openJsonlEventLog } from "../events/jsonl/jsonl-event-log.ts";
import { DisposableStore } from "../lib/disposable.ts";
import { ProblemError } from "../lib/problem.ts";
import type { SessionProvider } from "../sessions/session-provider.ts";
import type { CityRuntimeOptions } from "./city-runtime-options.ts";
import { type CityWish, readWish } from "./city-wish.ts";
import { openCityControl } from "./open-city-control.ts";
import { openSessionProvider } from "./providers.ts";

/** What runs a city with one provider: its sessions, its records, its controller, and who may act. */
export interface CityEngine {
  readonly provider: SessionProvider;
  readonly controller: Controller;
  readonly control: CityControl;
  /** Acts no more, hands control back, then closes what that needed. */
  close(): Promise<void>;
}

/** What an engine is told, and what it asks. */
export interface EngineOwner extends Pick<CityControlOptions, "perform" | "describe" | "stopped"> {
  readonly wish: () => CityWish;
  /** Told when anything about the city has changed, but for who controls it. */
  readonly changed: () => void;
  readonly controlChanged: (state: ControlState) => void;
}

/** How long a window that is reloaded may take to end, in milliseconds. */
const reloadPatience = 10_000;

/** Opens what runs the city; it observes until it has control. Fails with the provider's reason. */
export async function openCityEngine(city: City, options: CityRuntimeOptions, owner: EngineOwner): Promise<CityEngine> {
  const { root, log, env, meter } = options;
  const own = new DisposableStore();
  const provider = own.add(await openSessionProvider(city.provider, log, meter));
  const store = own.add(new FileBeadStore(await beadsFile(root), log));
  const events = own.add(openJsonlEventLog({ root, log }));
  const control = await openCityControl(city, { ...options, ...owner }, own);
  const mayAct = (): boolean => control.mayAct();
  const isIdle = (): boolean => owner.wish() === "stopped";
  const tools = { provider, store, events, log, env, mayAct, isIdle, ...(meter && { meter }) };
  const controller = own.add(new Controller({ ...tools, city, started: owner.wish() === "running" }));
  own.add(controller.onDidChange(owner.changed));
  own.add(control.onDidChange(() => controller.wake()));
  own.add(control.onDidChange(owner.controlChanged));
  if (owner.wish() !== "stopped") resume(control, root, own);
  return {
    provider,
    controller,
    control,
    async close() {
      await controller.close();
      await control[Symbol.asyncDispose]();
      own.dispose();
    },
  };
}

/**
 * Takes control again. The window that this one comes after may still be on its way out: then once it has gone, unless it has
 * stopped the city.
 */
function resume(control: CityControl, root: string, own: DisposableStore): void {
  const until = performance.now() + reloadPatience;
  void control.acquire();
  own.add(
    control.onDidChange(({ kind }) => {
      if (kind !== "free" || performance.now() > until) return;
      void readWish(root).then((wish) => (wish === "stopped" ? undefined : control.acquire()));
    }),
  );
}

/**
 * Takes control, for one who does not stand in line. Fails with `controlled-elsewhere` when somebody else has it, or with why
 * it cannot be had.
 */
export async function takeControl(control: CityControl, standsInLine: boolean, signal?: AbortSignal): Promise<void> {
  let state = await control.acquire();
  if (hasDiedHere(state)) state = await untilReplaced(control, signal);
  if (state.kind === "lost") throw new ProblemError(state.problem);
  if (state.kind !== "elsewhere") return;
  // Nobody shall find himself in control some time later.
  if (!standsInLine) await control.release();
  throw controlledElsewhere(state);
}

/** Whether another controller of this machine has the city: it reads the same records. */
export function isNeighbour(state: ControlState): boolean {
  return state.kind === "elsewhere" && state.where === "this machine";
}

function controlledElsewhere({ by }: OtherController): ProblemError {
  return new ProblemError({
    code: "controlled-elsewhere",
    reason: `The city is controlled by ${by}`,
    action: "Take the city over to control it from here; its agents go on",
  });
}
