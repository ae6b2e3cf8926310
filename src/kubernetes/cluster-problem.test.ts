import { describe, expect, it } from "vitest";
import { ProblemError } from "../lib/problem.ts";
import { apiErrorOf } from "./api-error.ts";
import { clusterProblem } from "./cluster-problem.ts";

const status = (code: number, reason: string, message: string): Error =>
  apiErrorOf(code, JSON.stringify({ kind: "Status", reason, message, code }));
const coded = (code: string): Error => Object.assign(new Error("x"), { code });

describe("clusterProblem", () => {
  it.each([
    [
      "a refused connection",
      new TypeError("fetch failed", { cause: coded("ECONNREFUSED") }),
      "cluster-unreachable",
      /ECONNREFUSED/u,
    ],
    ["a name that does not resolve", coded("ENOTFOUND"), "cluster-unreachable", /ENOTFOUND/u],
    ["a time-out", new DOMException("late", "TimeoutError"), "cluster-unreachable", /time-out/u],
    ["several addresses refused", new AggregateError([coded("ECONNREFUSED")]), "cluster-unreachable", /ECONNREFUSED/u],
    ["an unknown authority", coded("DEPTH_ZERO_SELF_SIGNED_CERT"), "cluster-unreachable", /certificate authority/u],
    ["no credentials", status(401, "Unauthorized", "Unauthorized"), "cluster-unauthorized", /Log in/u],
    [
      "a missing right",
      status(
        403,
        "Forbidden",
        'pods is forbidden: User "x" cannot list resource "pods" in API group "" in the namespace "gc"',
      ),
      "cluster-forbidden",
      /may not list pods.*verb list on pods/u,
    ],
    [
      "a missing namespace",
      status(404, "NotFound", 'namespaces "gc" not found'),
      "namespace-missing",
      /kubectl create namespace/u,
    ],
    [
      "a quota",
      status(403, "Forbidden", 'pods "a" is forbidden: exceeded quota: q'),
      "session-failed",
      /exceeded quota/u,
    ],
    ["a proxy's page", apiErrorOf(502, "<html>bad gateway</html>"), "session-failed", /bad gateway/u],
  ])("explains %s", (_, error, code, words) => {
    const problem = clusterProblem(error, "https://cluster:6443");
    expect(problem.problem.code).toBe(code);
    expect(problem.message).toMatch(words);
  });

  it("leaves a problem as it is", () => {
    const problem = new ProblemError({ code: "no-image", reason: "a", action: "b" });
    expect(clusterProblem(problem, "s")).toBe(problem);
  });
});
