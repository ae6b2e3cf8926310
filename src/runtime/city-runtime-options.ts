import type { ControllerKind } from "../controller/control/lease-holder.ts";
import type { Log } from "../lib/log.ts";
import type { Meter } from "../lib/meter.ts";

/** Which city to open, and with what. */
export interface CityRuntimeOptions {
  /** Absolute path of the city's folder. */
  readonly root: string;
  /** The environment that GC_SESSION, GC_K8S_* and `$VAR` are looked up in. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** What kind of program this is, for others who find it in control. */
  readonly kind: ControllerKind;
  readonly meter?: Meter;
  /** Only looks: does not go on with a city that was started before. */
  readonly observe?: boolean;
}
