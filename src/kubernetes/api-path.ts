import { ProblemError } from "../lib/problem.ts";

/** RFC 1123 subdomain, what the API server takes as most objects' names. */
const subdomain = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/u;

/**
 * Fails with `unsupported` unless `name` can be an object's name. Without this check a name such as `../x` would reach
 * another API of the server.
 */
export function checkedName(name: string): string {
  if (subdomain.test(name)) return name;
  throw notAName(name);
}

/**
 * Joins path segments, each encoded, and query parameters; those undefined are left out, arrays repeat. Fails with
 * `unsupported` on a segment that a URL would resolve away.
 */
export function apiPath(
  segments: readonly string[],
  query: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>> = {},
): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const item of typeof value === "object" ? value : [value]) parameters.append(key, String(item));
  }
  const path = segments.map((segment) => `/${encodeURIComponent(notRelative(segment))}`).join("");
  return parameters.size > 0 ? `${path}?${parameters.toString()}` : path;
}

function notRelative(segment: string): string {
  if (segment === "" || segment === "." || segment === "..") throw notAName(segment);
  return segment;
}

function notAName(name: string): ProblemError {
  return new ProblemError({
    code: "unsupported",
    reason: `"${name}" cannot be a name in Kubernetes`,
    action: "Use lower case letters, digits, - and . only",
  });
}
