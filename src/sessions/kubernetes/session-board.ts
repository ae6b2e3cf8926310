import type { Disposable } from "../../lib/disposable.ts";
import { Emitter, type Event } from "../../lib/emitter.ts";
import type { Problem } from "../../lib/problem.ts";
import type { SessionSnapshot, SessionStatus } from "../session-provider.ts";
import { type ContainerName, withStarted } from "./container-start.ts";
import type { PodView } from "./pod-view.ts";
import { type Sight, notLooked, statusOf } from "./session-status.ts";

/**
 * All that is known of the sessions of one namespace: the pods as the watch shows them, and what was seen inside them.
 * Changes made in one turn of the event loop are told together.
 */
export class SessionBoard implements Disposable {
  readonly #pods = new Map<string, PodView>();
  readonly #sights = new Map<string, Sight>();
  /** Containers that have started, by the UIDs of their pods. */
  readonly #started = new Map<string, ReadonlySet<ContainerName>>();
  readonly #statuses = new Map<string, SessionStatus>();
  readonly #changed = new Emitter<void>();
  #synced = false;
  #problem: Problem | undefined;
  #snapshot: SessionSnapshot | undefined;
  #announced = false;

  /** Fires after a change. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  get synced(): boolean {
    return this.#synced;
  }

  get problem(): Problem | undefined {
    return this.#problem;
  }

  /** The pods by UID. */
  get pods(): ReadonlyMap<string, PodView> {
    return this.#pods;
  }

  sight(uid: string): Sight {
    return this.#sights.get(uid) ?? notLooked;
  }

  /** A pod is there, new or changed. */
  put(pod: PodView): void {
    const started = this.#started.get(pod.uid);
    this.#pods.set(pod.uid, started ? withStarted(pod, started) : pod);
    this.#touch(pod.uid);
  }

  /** A container of a pod has started. */
  begin(uid: string, container: ContainerName): void {
    const pod = this.#pods.get(uid);
    if (!pod) return;
    this.#started.set(uid, new Set(this.#started.get(uid)).add(container));
    this.put(pod);
  }

  /** A pod is gone. */
  remove(uid: string): void {
    if (!this.#pods.delete(uid)) return;
    this.#sights.delete(uid);
    this.#started.delete(uid);
    this.#statuses.delete(uid);
    this.#snapshot = undefined;
    this.#announce();
  }

  /** A pod was looked into. */
  see(uid: string, sight: Sight): void {
    const known = this.sight(uid);
    if (!this.#pods.has(uid) || (known.tmux === sight.tmux && known.message === sight.message)) return;
    this.#sights.set(uid, sight);
    this.#touch(uid);
  }

  /** The watch has shown every pod at least once. */
  sync(): void {
    if (this.#synced) return;
    this.#synced = true;
    this.#snapshot = undefined;
    this.#announce();
  }

  /** What keeps the watch from seeing pods now; undefined when it sees them again. */
  report(problem: Problem | undefined): void {
    if (this.#problem?.code === problem?.code && this.#problem?.reason === problem?.reason) return;
    this.#problem = problem;
    this.#snapshot = undefined;
    this.#announce();
  }

  /** The newest state; the same object until something in it changes. */
  snapshot(): SessionSnapshot {
    if (this.#snapshot) return this.#snapshot;
    const sessions = new Map<string, SessionStatus>();
    for (const { uid, session } of onePerSession(this.#pods.values())) {
      const status = this.#statuses.get(uid);
      if (status) sessions.set(session, status);
    }
    this.#snapshot = { synced: this.#synced, sessions, problem: this.#problem };
    return this.#snapshot;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #touch(uid: string): void {
    const pod = this.#pods.get(uid);
    if (!pod) return;
    const status = statusOf(pod, this.sight(uid));
    if (!same(status, this.#statuses.get(uid))) {
      this.#statuses.set(uid, status);
      this.#snapshot = undefined;
    }
    this.#announce();
  }

  #announce(): void {
    if (this.#announced) return;
    this.#announced = true;
    queueMicrotask(() => {
      this.#announced = false;
      this.#changed.fire();
    });
  }
}

/** The pod that counts for each session: of two the one that stays, then the newer one. */
export function onePerSession(pods: Iterable<PodView>): readonly PodView[] {
  const weight = (pod: PodView): number => (pod.deleting ? 0 : 1);
  const rising = [...pods].sort((a, b) => weight(a) - weight(b) || a.createdAt - b.createdAt);
  return [...new Map(rising.map((pod) => [pod.session, pod])).values()];
}

function same(a: SessionStatus, b: SessionStatus | undefined): boolean {
  return (
    b !== undefined &&
    a.state === b.state &&
    a.reason === b.reason &&
    a.action === b.action &&
    a.name === b.name &&
    a.looked === b.looked
  );
}
