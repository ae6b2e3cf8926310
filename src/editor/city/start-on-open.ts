import type { Disposable } from "../../lib/disposable.ts";
import type { CityRuntime } from "../../runtime/city-runtime.ts";

/** Calls `start` once, as soon as the city has been seen to be stopped; not if it already runs. */
export function startOnceStopped(runtime: CityRuntime, start: () => void): Disposable {
  const look = (): void => {
    const { phase } = runtime.state;
    if (phase === "loading" || phase === "invalid") return;
    watch.dispose();
    if (phase === "stopped") start();
  };
  const watch = runtime.onDidChange(look);
  look();
  return watch;
}
