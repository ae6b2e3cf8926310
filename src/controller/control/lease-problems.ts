import type { Problem } from "../../lib/problem.ts";
import { type LeaseHolder, describeHolder } from "./lease-holder.ts";

const againByItself =
  "It controls the city again by itself as soon as the cluster answers and nobody else has taken it";

/** Why a holder stopped: another asked for the lease. */
export function handedOver(to: LeaseHolder | undefined): Problem {
  return {
    code: "controlled-elsewhere",
    reason: `The city was handed over to ${to ? describeHolder(to) : "another controller"}, which asked for it`,
    action: "Take it over again to control it from here",
  };
}

/** Why a holder stopped: it could not renew, or its process or machine was asleep. */
export function notRenewed(seconds: number, why: Problem | undefined): Problem {
  return {
    code: "control-lost",
    reason: `For ${seconds} s the cluster was not told that this process controls the city (${why?.reason ?? "it was stopped or asleep"})`,
    action: why && /^cluster-(?:forbidden|unauthorized|unconfigured)$/u.test(why.code) ? why.action : againByItself,
  };
}

/** Why a holder stopped: the lease names somebody else, or is gone. */
export function takenAway(by: LeaseHolder | undefined): Problem {
  return {
    code: "control-lost",
    reason: by
      ? `${describeHolder(by)} controls the city now, though this process did`
      : "Somebody has removed or emptied the lease that says that this process controls the city",
    action: againByItself,
  };
}

/** Why it cannot be written: somebody else is always faster. */
export function contested(lease: string): Problem {
  return {
    code: "control-lost",
    reason: `Something else writes the lease ${lease} all the time, so that nobody can renew it`,
    action: `Find out what with kubectl get lease ${lease} -o yaml --show-managed-fields, and end it`,
  };
}
