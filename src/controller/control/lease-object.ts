import { createHash } from "node:crypto";
import type { Sighting } from "./lease-rules.ts";

/** A Lease of coordination.k8s.io/v1, as far as it is used; what else it has goes along. */
export interface Lease {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly holderIdentity?: string | undefined;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

// The identity of a contender that asks the holder to hand the lease over.
const requestAnnotation = "gascity/take-over-by";
// Set by a holder that has stopped the city: nobody who stood in line shall start it again.
const stoppedAnnotation = "gascity/stopped";
const prefix = "gascity-";
const nameLimit = 63;

/**
 * The name of a city's lease: RFC 1123, and another for every city. A city's name that cannot stand in it as it is gets a
 * hash, so that "My City" and "my-city" do not exclude each other.
 */
export function leaseName(city: string): string {
  const words = city
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .replaceAll(/^-+|-+$/gu, "");
  if (words === city && words !== "" && prefix.length + words.length <= nameLimit) return prefix + words;
  const hash = createHash("sha256").update(city).digest("hex").slice(0, 12);
  const kept = words.slice(0, nameLimit - prefix.length - hash.length - 1).replace(/-+$/u, "");
  return `${prefix}${kept === "" ? "" : `${kept}-`}${hash}`;
}

/** What the rules look at. */
export function sightOf({ metadata, spec }: Lease): Omit<Sighting, "at"> {
  return {
    holder: spec?.holderIdentity ?? "",
    version: metadata?.resourceVersion ?? "",
    duration: (spec?.leaseDurationSeconds ?? 0) * 1000,
  };
}

/** Who asks the holder to hand the lease over; undefined when nobody does. */
export function requesterOf({ metadata }: Lease): string | undefined {
  return metadata?.annotations?.[requestAnnotation];
}

/** Whether who had it last gave it back because the city was stopped. */
export function isStopped({ metadata }: Lease): boolean {
  return metadata?.annotations?.[stoppedAnnotation] !== undefined;
}

/** Since when its holder has it, in milliseconds since the epoch by the holder's clock: for people only. */
export function heldSince({ spec }: Lease): number | undefined {
  const time = Date.parse(spec?.acquireTime ?? "");
  return Number.isNaN(time) ? undefined : time;
}

/**
 * The lease with `holder` in it, to be written over `before`, or made where there is none. A change of holder answers every
 * request to hand it over. An empty holder gives it back; the server takes no empty string, hence no field.
 */
export function leaseHeldBy(
  holder: string,
  {
    name,
    before,
    duration,
    stopped = false,
  }: {
    readonly name: string;
    readonly before: Lease | undefined;
    readonly duration: number;
    /** Whether it is given back because the city was stopped. */
    readonly stopped?: boolean;
  },
): Lease {
  const { metadata, spec } = before ?? {};
  const now = microTime(new Date());
  const renewed = holder !== "" && spec?.holderIdentity === holder;
  const { [requestAnnotation]: request, [stoppedAnnotation]: _, ...others } = metadata?.annotations ?? {};
  const annotations = {
    ...others,
    ...(renewed && request !== undefined && { [requestAnnotation]: request }),
    ...(stopped && { [stoppedAnnotation]: now }),
  };
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { ...metadata, name, annotations },
    spec: {
      ...spec,
      holderIdentity: holder === "" ? undefined : holder,
      leaseDurationSeconds: duration / 1000,
      acquireTime: (renewed && spec.acquireTime) || now,
      renewTime: now,
      leaseTransitions: (spec?.leaseTransitions ?? 0) + (renewed || holder === "" || !before ? 0 : 1),
    },
  };
}

/** The lease with the request of `requester` to its holder. */
export function leaseAskedFor(requester: string, before: Lease): Lease {
  const annotations = { ...before.metadata?.annotations, [requestAnnotation]: requester };
  return { ...before, metadata: { ...before.metadata, annotations } };
}

/** What the API server takes as MicroTime: exactly six decimals. */
function microTime(date: Date): string {
  return date.toISOString().replace("Z", "000Z");
}
