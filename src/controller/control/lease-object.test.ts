import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyCharacter } from "../../../test/any-character.ts";
import { type Lease, heldSince, leaseAskedFor, leaseHeldBy, leaseName, requesterOf, sightOf } from "./lease-object.ts";

describe("a lease's name", () => {
  it.each([
    ["gas-town", "gascity-gas-town"],
    ["a".repeat(55), `gascity-${"a".repeat(55)}`],
    ["My City", "gascity-my-city-446c1fe2f5c9"],
    ["größe", "gascity-gr-e-d353a2671b67"],
    ["", "gascity-e3b0c44298fc"],
  ])("of %j is %s", (city, name) => {
    expect(leaseName(city)).toBe(name);
  });

  it("is one that Kubernetes takes, and another for each city", () => {
    const cities = fc.string({ unit: anyCharacter, maxLength: 80 });
    fc.assert(
      fc.property(cities, cities, (one, other) => {
        expect(leaseName(one)).toMatch(/^(?=.{1,63}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/u);
        expect(leaseName(one) === leaseName(other)).toBe(one === other);
      }),
    );
  });
});

const options = { name: "gascity-a", duration: 15_000 };
const make = (holder: string, before?: Lease): Lease => leaseHeldBy(holder, { ...options, before });

describe("a lease", () => {
  it("that is made names its holder and how long to wait for it", () => {
    const lease = make("me");
    expect(sightOf(lease)).toEqual({ holder: "me", version: "", duration: 15_000 });
    expect(lease.spec?.leaseTransitions).toBe(0);
    expect(lease.spec?.renewTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/u);
    expect(heldSince(lease)).toBeGreaterThan(Date.now() - 1000);
  });

  it("that is renewed keeps everything else, also a request that was not seen", () => {
    const others = { labels: { a: "b" }, resourceVersion: "7", annotations: { c: "d", "gascity/take-over-by": "you" } };
    const before: Lease = {
      metadata: others,
      spec: { holderIdentity: "me", acquireTime: "then", leaseTransitions: 4 },
    };
    const lease = make("me", before);
    expect(lease.metadata).toEqual({ name: "gascity-a", ...others });
    expect(lease.spec).toMatchObject({ acquireTime: "then", leaseTransitions: 4 });
  });

  it("that changes its holder counts it, and answers requests", () => {
    const before = leaseAskedFor("you", make("me"));
    expect(requesterOf(before)).toBe("you");
    expect(sightOf(before).holder).toBe("me");
    const after = make("you", before);
    expect(requesterOf(after)).toBeUndefined();
    expect(after.spec).toMatchObject({ holderIdentity: "you", leaseTransitions: 1 });
  });

  it("that is given back has no holder", () => {
    const lease = JSON.parse(JSON.stringify(make("", make("me")))) as Lease;
    expect(lease.spec).not.toHaveProperty("holderIdentity");
    expect(sightOf(lease).holder).toBe("");
  });
});
