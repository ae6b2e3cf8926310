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
    [
      "an unknown authority",
      coded("DEPTH_ZERO_SELF_SIGNED_CERT"),
      "cluster-unreachable",
      /certificates and the server's name/u,
    ],
    ["no credentials", status(401, "Unauthorized", "Unauthorized"), "cluster-unauthorized", /Log in/u],
    [
      "a missing right",
      status(
        403,
        "Forbidden",
        'pods is forbidden: User "x" cannot list resource "pods" in API group "" in the namespace "gc"',
      ),
      "cluster-forbidden",
      /user x may not list pods in the namespace gc\..*\{"apiGroups":\[""\],"resources":\["pods"\],"verbs":\["list"\]\}/u,
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
      /quota does not allow it: .*exceeded quota.*Stop other agents/u,
    ],
    [
      "a policy",
      status(403, "Forbidden", 'pods "a" is forbidden: violates PodSecurity "restricted:latest"'),
      "session-failed",
      /does not take such pods: .*violates PodSecurity/u,
    ],
    [
      "a namespace that goes",
      status(
        403,
        "Forbidden",
        'pods "a" is forbidden: unable to create new content in namespace gc because it is being terminated',
      ),
      "namespace-missing",
      /being deleted/u,
    ],
    [
      "a conflict",
      status(409, "Conflict", "Operation cannot be fulfilled on resourcequotas: the object has been modified"),
      "cluster-unreachable",
      /others write at the same time: Operation cannot be fulfilled/u,
    ],
    ["a proxy's page", apiErrorOf(502, "<html>bad gateway</html>"), "cluster-unreachable", /bad gateway/u],
    ["too many requests", status(429, "TooManyRequests", "too many requests"), "cluster-unreachable", /Wait a moment/u],
    ["what is no HTTP", coded("HPE_INVALID_CONSTANT"), "cluster-unreachable", /does not speak as an API server/u],
    [
      "a failed exec",
      status(500, "InternalError", "executable file not found"),
      "session-failed",
      /executable file not found/u,
    ],
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
