import type { CityRuntime } from "../city-runtime.ts";
import type { CityState } from "../city-state.ts";

/** Resolves with the first state from now on that meets the condition. Rejects with the signal's reason when it aborts. */
export async function untilState(
  { state: now, onDidChange }: CityRuntime,
  condition: (state: CityState) => boolean,
  signal: AbortSignal,
): Promise<CityState> {
  signal.throwIfAborted();
  if (condition(now)) return now;
  const { promise, resolve, reject } = Promise.withResolvers<CityState>();
  const aborted = (): void => reject(signal.reason);
  signal.addEventListener("abort", aborted, { once: true });
  const watch = onDidChange((state) => {
    if (condition(state)) resolve(state);
  });
  try {
    return await promise;
  } finally {
    watch.dispose();
    signal.removeEventListener("abort", aborted);
  }
}
