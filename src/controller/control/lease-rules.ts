import { type Moment, possiblyPassed, surelyPassed } from "./lease-clock.ts";

/** In milliseconds. */
export interface LeaseTimes {
  /** A holder that has not renewed for so long counts as dead. */
  readonly duration: number;
  /** A holder that could not renew for so long stops acting. */
  readonly renewDeadline: number;
  /** Between two tries. */
  readonly retry: number;
}

/**
 * What client-go and so every controller of Kubernetes has. A dead holder is replaced after 15 s. The 5 s between its
 * deadline and the others' patience are for a call that was sent at the last moment and for clocks that run up to half as
 * fast again as others. Renewing every 2 s leaves a holder four tries more after one that fails.
 */
export const leaseTimes: LeaseTimes = { duration: 15_000, renewDeadline: 10_000, retry: 2000 };

/** The lease as one contender has last seen it. */
export interface Sighting {
  /** Empty when it is free. */
  readonly holder: string;
  /** Changes with every write. */
  readonly version: string;
  /** What its holder asks the others to wait, in milliseconds. */
  readonly duration: number;
  /** When this contender first saw this version: after it was written. */
  readonly at: Moment;
}

/** What one contender knows. */
export interface LeaseView {
  /** Undefined before the first sight, and when there was none then. */
  readonly seen: Sighting | undefined;
  /** When the last write was sent that the server took and that named us; undefined when we are not the holder. */
  readonly renewedAt: Moment | undefined;
}

export const nothingSeen: LeaseView = { seen: undefined, renewedAt: undefined };

/** Goes on with what was seen `now`. The same version once more is no sign of life. */
export function sighted(view: LeaseView, lease: Omit<Sighting, "at">, now: Moment): LeaseView {
  return view.seen?.version === lease.version ? view : { ...view, seen: { ...lease, at: now } };
}

/** Goes on after the server took our write, which was sent at `sentAt` and left `lease`. */
export function written(me: string, lease: Omit<Sighting, "at">, sentAt: Moment, now: Moment): LeaseView {
  return { seen: { ...lease, at: now }, renewedAt: lease.holder === me ? sentAt : undefined };
}

/**
 * Whether the holder may still act. The others begin to count when they see a write, which is after it was sent: so its
 * own time begins with the sending, and ends first.
 */
export function mayAct({ renewedAt }: LeaseView, now: Moment, { renewDeadline }: LeaseTimes): boolean {
  return renewedAt !== undefined && possiblyPassed(renewedAt, now) < renewDeadline;
}

/**
 * In how many milliseconds a contender should write itself into the lease, as new holder or to renew; 0 for now. `own` are its
 * identity and those of predecessors that surely act no more. No clock but our own is asked, and no time that stands in
 * the lease. That it is written with the version that was seen does the rest: the server refuses it when the holder has given a
 * sign of life meanwhile.
 */
export function writeDue(
  { seen, renewedAt }: LeaseView,
  own: ReadonlySet<string>,
  now: Moment,
  times: LeaseTimes,
): number {
  if (renewedAt) return Math.max(0, times.retry - surelyPassed(renewedAt, now));
  if (!seen || seen.holder === "" || own.has(seen.holder)) return 0;
  return Math.max(0, times.duration - surelyPassed(seen.at, now), seen.duration - surelyPassed(seen.at, now));
}
