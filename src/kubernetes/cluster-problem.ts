import { type Problem, ProblemError, problemOf } from "../lib/problem.ts";
import { ApiError } from "./api-error.ts";

/** The error codes of a broken or refused connection, of sockets, TLS and undici. */
const unreachable =
  /^(?:ECONNREFUSED|ECONNRESET|ECONNABORTED|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|UND_ERR_\w+|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|ERR_TLS_\w+|ERR_SSL_\w+)$/u;

/** What went wrong between us and the cluster at `server`, for a person. A ProblemError stays what it is. */
export function clusterProblem(error: unknown, server: string): ProblemError {
  if (error instanceof ProblemError) return error;
  return new ProblemError(classify(error, server), { cause: error });
}

function classify(error: unknown, server: string): Problem {
  if (error instanceof ApiError) return apiProblem(error, server);
  const code = errorCode(error);
  if (error instanceof Error && /^(?:EPROTO|HPE_\w+)$/u.test(code)) {
    return {
      code: "cluster-unreachable",
      reason: `What answers at ${server} does not speak as an API server does: ${error.message}`,
      action: "Check the server in your kubeconfig, and the proxies on the way to it",
    };
  }
  if (error instanceof Error && (error.name === "TimeoutError" || unreachable.test(code))) {
    return {
      code: "cluster-unreachable",
      reason: `The cluster at ${server} does not answer (${error.name === "TimeoutError" ? "time-out" : code})`,
      action: /CERT|SELF_SIGNED|TLS|SSL|UNABLE/u.test(code)
        ? "Check the certificates and the server's name in your kubeconfig"
        : "Check that it runs and that your network or VPN reaches it; the city goes on by itself when it is back",
    };
  }
  return problemOf(error);
}

function apiProblem({ status, reason, message }: ApiError, server: string): Problem {
  if (status === 401) {
    return {
      code: "cluster-unauthorized",
      reason: "The cluster does not accept your credentials",
      action: "Log in again, or correct the user in your kubeconfig",
    };
  }
  // An API server that is overloaded, starting or going away, or a gateway that does not reach it.
  if (status === 429 || (status >= 502 && status <= 504)) {
    return {
      code: "cluster-unreachable",
      reason: `The cluster at ${server} cannot answer now: ${message}`,
      action: "Wait a moment; if it stays so, ask the cluster's administrator",
    };
  }
  if (status === 409 && reason === "Conflict") {
    return {
      code: "cluster-unreachable",
      reason: `The cluster at ${server} could not write it, as others write at the same time: ${message}`,
      action: "Wait a moment; if it stays so, find out who writes there all the time",
    };
  }
  if (status === 403 && message.includes("because it is being terminated")) {
    return {
      code: "namespace-missing",
      reason: `The namespace is being deleted: ${message}`,
      action: "Wait until it is gone, then create it again, or use another in [session.k8s]",
    };
  }
  if (status === 403 && message.includes("violates PodSecurity")) {
    return {
      code: "session-failed",
      reason: `The namespace does not take such pods: ${message}`,
      action: "Change in kubernetes.toml what it names, for example pod_security, or use another namespace",
    };
  }
  if (status === 403 && /exceeded quota|failed quota/u.test(message)) {
    return {
      code: "session-failed",
      reason: `The namespace's quota does not allow it: ${message}`,
      action: "Stop other agents, lower requests and limits in [session.k8s], or have the quota raised",
    };
  }
  if (status === 403) return forbidden(message);
  if (status === 404 && /^namespaces? /u.test(message)) {
    return {
      code: "namespace-missing",
      reason: `The cluster has no such namespace: ${message}`,
      action: "Create it with kubectl create namespace, or correct namespace in [session.k8s]",
    };
  }
  return {
    code: "session-failed",
    reason: `The cluster refused: ${message}`,
    action: reason === "Invalid" ? "Correct what it names in city.toml" : "See the Gas City output for details",
  };
}

/** Names the rule that is missing, from the words of the API server's RBAC authorizer. */
function forbidden(message: string): Problem {
  const words =
    /(?:User "([^"]*)" )?cannot (\w+) resource "([^"]+)"(?: in API group "([^"]*)")?(?: in the namespace "([^"]+)")?/u;
  const [, user, verb, resource, group = "", namespace] = words.exec(message) ?? [];
  const code = "cluster-forbidden";
  if (!verb || !resource) {
    return { code, reason: `The cluster forbids it: ${message}`, action: "Ask the cluster's administrator" };
  }
  const rule = JSON.stringify({ apiGroups: [group], resources: [resource], verbs: [verb] });
  return {
    code,
    reason: `${user ? `The user ${user}` : "You"} may not ${verb} ${resource} in ${namespace ? `the namespace ${namespace}` : "the cluster"}`,
    action: `Ask the cluster's administrator for a Role with the rule ${rule}`,
  };
}

/** The code of an error or of its nearest cause that has one. */
function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error instanceof AggregateError) return errorCode(error.errors[0]);
  return errorCode(error.cause);
}
