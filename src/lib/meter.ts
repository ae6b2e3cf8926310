/** What can be counted, each with the labels that it is counted by. */
export interface Counted {
  /** A look of the controller at its city has begun. */
  "rounds-begun": {};
  /** A look has ended. */
  rounds: { readonly outcome: "done" | "failed" };
  /** Something was done to a session. */
  actions: {
    readonly kind: "start" | "stop" | "drain" | "undrain" | "run-live";
    readonly outcome: "done" | "failed" | "cancelled";
  };
  /** A request went to the API server; `code` is its HTTP status, or "none" when it did not answer or is the method WEBSOCKET. */
  "api-requests": { readonly method: string; readonly code: string };
  /** A watch of a collection was opened once more. */
  "watch-reconnects": {};
  /** The channel into a pod was opened once more. */
  "channel-reconnects": {};
}

/** What takes time: the decision itself, and from a death that was seen until its replacement is begun. */
export type Timed = "decide" | "replacement";

/** Where the core tells what an operator may want to measure, as Log is where it tells what happens. */
export interface Meter {
  /** One more of them. */
  count<C extends keyof Counted>(counted: C, labels: Counted[C]): void;
  /** It took so many seconds. */
  time(timed: Timed, seconds: number): void;
}

/** A Meter that keeps nothing. */
export const silentMeter: Meter = {
  count() {},
  time() {},
};
