import type { Memento } from "vscode";
import type { Disposable } from "../../lib/disposable.ts";
import type { CityRuntime } from "../../runtime/city-runtime.ts";
import type { AgentState } from "../../runtime/city-state.ts";

const place = "gascity.attachedSessions";

/** The sessions that this window is attached to, which its workspace remembers over a reload. */
export class AttachedSessions {
  readonly #memory: Pick<Memento, "get" | "update">;
  /** What was attached when the window was closed. */
  readonly #before: readonly string[];
  readonly #keys = new Set<string>();

  constructor(memory: Pick<Memento, "get" | "update">) {
    this.#memory = memory;
    this.#before = memory.get<readonly string[]>(place, []);
  }

  add(root: string, session: string): void {
    this.#keys.add(keyOf(root, session));
    this.#save();
  }

  delete(root: string, session: string): void {
    if (this.#keys.delete(keyOf(root, session))) this.#save();
  }

  /**
   * Calls `offer` once, as soon as it has been seen which of the city's sessions are alive, with those that run and that the window was attached
   * to before it was reloaded; not when there are none.
   */
  offerAgain(runtime: CityRuntime, offer: (agents: readonly AgentState[]) => void): Disposable {
    const look = (): void => {
      const { phase, agents, root } = runtime.state;
      if (phase === "loading" || phase === "invalid") return;
      const before = agents.filter(({ session }) => this.#before.includes(keyOf(root, session)));
      // In a pod that has just been found nobody has looked yet whether its agent is alive.
      if (before.some(({ phase: doing }) => doing === "starting")) return;
      watch.dispose();
      this.#save();
      const again = before.filter(({ phase: doing }) => doing === "running" || doing === "draining");
      if (again.length > 0) offer(again);
    };
    const watch = runtime.onDidChange(look);
    look();
    return watch;
  }

  #save(): void {
    void this.#memory.update(place, [...this.#keys]);
  }
}

function keyOf(root: string, session: string): string {
  return `${root}\n${session}`;
}
