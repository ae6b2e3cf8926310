import { expect, it } from "vitest";
import { Audit } from "./audit-proxy.ts";

const lease = (by: string, sent: number, holds = true) =>
  ({ by, sent, done: sent + 1, method: "PUT", path: "/leases/city", lease: true, holds }) as const;
const pod = (by: string, sent: number) =>
  ({ by, sent, done: sent + 1, method: "POST", path: "/pods", lease: false, holds: false }) as const;

it("finds who writes before he has the lease, after another has it, and after he gave it back", () => {
  const audit = new Audit();
  audit.writes.push(pod("a", 0), lease("a", 10), pod("a", 20), lease("b", 30), pod("a", 40), pod("b", 50));
  audit.writes.push(lease("b", 60, false), pod("b", 70));
  expect(audit.trespasses()).toEqual([
    "a: POST /pods while nobody had the lease, for 0 ms",
    "a: POST /pods while b had the lease, for 9 ms",
    "b: POST /pods while nobody had the lease, for 9 ms",
  ]);
});
