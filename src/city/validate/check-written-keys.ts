import type { ComposedCity } from "../compose/compose-city.ts";
import { type CheckedFile, schemaOf } from "../compose/check-file.ts";
import type { Finding } from "../compose/finding.ts";
import { pathText } from "../text/path-text.ts";
import { writtenKeys } from "../text/written-keys.ts";

/**
 * Warns of keys in any of the city's files that should be written otherwise, and of those that change nothing: at all, or
 * for agents in pods where the city runs on Kubernetes.
 */
export function checkWrittenKeys(city: ComposedCity, onKubernetes: boolean): readonly Finding[] {
  return Array.from(city.sources.read, ([file, checked]) => {
    const { always, inPods } = findingsOf(file, checked);
    return onKubernetes ? always.concat(inPods) : always;
  }).flat();
}

interface KeyFindings {
  readonly always: readonly Finding[];
  readonly inPods: readonly Finding[];
}

/** A file that has not changed has nothing new to say. */
const known = new WeakMap<CheckedFile, KeyFindings>();

function findingsOf(file: string, checked: CheckedFile): KeyFindings {
  const findings = known.get(checked) ?? findKeys(file, checked);
  known.set(checked, findings);
  return findings;
}

function findKeys(file: string, { kind, tables }: CheckedFile): KeyFindings {
  const always: Finding[] = [];
  const inPods: Finding[] = [];
  for (const { path, meaning } of writtenKeys(tables ?? {}, schemaOf(kind))) {
    const common = { severity: "warning", origin: { file, path }, at: "key" } as const;
    const name = pathText(path.filter((part) => typeof part === "string"));
    if (meaning.instead !== undefined) {
      const message = `"${name}" is an old form: write ${meaning.instead}`;
      always.push({ ...common, code: "deprecated", message, suggestion: meaning.instead });
    } else if (meaning.without === "effect") {
      always.push({ ...common, code: "no-effect", message: `"${name}" has no effect` });
    } else if (meaning.without === "effect on Kubernetes") {
      inPods.push({ ...common, code: "no-effect", message: `"${name}" has no effect on Kubernetes` });
    }
  }
  return { always, inPods };
}
