import type { PackClone } from "../city/compose/pack-clone.ts";
import type { StopProgress } from "../controller/stop-city.ts";
import type { Disposable } from "../lib/disposable.ts";
import type { Event } from "../lib/emitter.ts";
import type { AttachTarget } from "../sessions/session-provider.ts";
import type { CityState } from "./city-state.ts";

/**
 * One open city: what views and programs talk to. Observes from the start; controls once `startCity` was called, and
 * again after a restart until `stopCity`, unless another process does. Verbs fail with a ProblemError. Disposing it leaves
 * the agents running; awaited, control has been handed back.
 */
export interface CityRuntime extends Disposable, AsyncDisposable {
  readonly state: CityState;
  readonly onDidChange: Event<CityState>;
  /** Keeps the city's agents running from now on. */
  startCity(): Promise<void>;
  /** Makes this process the city's controller in place of another one, which leaves its agents running. */
  takeOver(signal?: AbortSignal): Promise<void>;
  /**
   * Stops every session of the city; resolves when all are gone. Fails with the names of those that did not stop. When
   * aborted, what still runs is left running and nobody controls it. `report` hears how far it is, unless another
   * controller of this machine does it.
   */
  stopCity(signal?: AbortSignal, report?: (progress: StopProgress) => void): Promise<void>;
  /** Wants this session, whatever city.toml says; its failures count anew. */
  startAgent(session: string): Promise<void>;
  /** Stops this session and keeps it stopped until `startAgent` or a new start of the city. */
  stopAgent(session: string): Promise<void>;
  attach(session: string): Promise<AttachTarget>;
  peek(session: string, lines: number): Promise<string>;
  nudge(session: string, text: string): Promise<void>;
  interrupt(session: string): Promise<void>;
  /** Clones what the city's packs are missing and reads the city anew; `report` hears of each clone before it is made. */
  fetchPacks(report: (clone: PackClone) => void, signal: AbortSignal): Promise<readonly PackClone[]>;
  /** Reads city.toml anew, from `text` if given (an unsaved document), else from disk. */
  reload(text?: string): void;
}
