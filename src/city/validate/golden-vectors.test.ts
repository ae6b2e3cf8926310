import { describe, expect, it } from "vitest";
import { readVectors, vectorCities, vectorFiles } from "../../../test/golden-vectors.ts";
import { composeCity } from "../compose/compose-city.ts";
import type { Finding, FindingCode } from "../compose/finding.ts";
import { memoryFiles } from "../files/memory-files.ts";
import { describeCity } from "../resolve/describe-city.ts";
import { validateCity } from "./validate-city.ts";

/** What gc makes of a city: see the vectors' own README for the form. */
interface Expected {
  readonly loads: boolean;
  readonly config?: Record<string, unknown>;
  readonly derived?: Record<string, unknown>;
  readonly warnings?: readonly string[];
  readonly validation_errors?: readonly string[];
}

/** What gc's warnings are called here, and what they speak of: our words must name the same. */
const warnings: readonly (readonly [RegExp, FindingCode])[] = [
  [/unknown field "(?:.*\.)?(?<name>[^."]+)"/u, "unknown-key"],
  [/^provider "(?<name>.+)"\.(?<key>\S+) redefined by/u, "redefined"],
  [/^(?<key>[a-z_.]+) redefined by/u, "redefined"],
  [/\[(?<table>\w+)\] (?<key>\w+) = ".*" is not a valid duration/u, "value"],
  [/agent ".+" (?<key>\w+) = ".*" is not a valid duration/u, "value"],
  [/agent "(?<name>.+)": provider "(?<provider>.+)" is not a built-in/u, "reference"],
  [/\[(?<table>workspace)\] provider "(?<provider>.+)" is not a built-in/u, "reference"],
  [/agent ".+": session ".+" is not a valid (?<key>session) transport/u, "value"],
  [/agent "(?<name>.+)": namepool requires bounded/u, "capacity"],
  [/agent "(?<name>.+)": idle_timeout and sleep_after_idle are both set/u, "overlap"],
  [/^city\.toml declares (?<count>\d+) \[imports\]/u, "misplaced"],
  [/^city agent "(?<name>.+)" shadows agent of the same name from import "(?<import>.+)" \(/u, "shadowed"],
];

/** What we say, and gc does not: it looks for unknown keys in city.toml only, and never for keys without effect. */
function isBeyondGc({ code, origin }: Finding): boolean {
  return ["no-effect", "deprecated"].includes(code) || (code === "unknown-key" && !origin.file.endsWith("city.toml"));
}

/** Of an unknown table gc warns of each key, too. */
function isWithinUnknown(warning: string, all: readonly string[]): boolean {
  const path = /unknown field "(.+?)"/u.exec(warning)?.[1];
  const parent = path?.slice(0, Math.max(0, path.lastIndexOf(".")));
  return Boolean(parent) && all.some((other) => other.includes(`unknown field "${parent}"`));
}

function counterpart(warning: string, findings: readonly Finding[]): Finding | undefined {
  for (const [pattern, code] of warnings) {
    const match = pattern.exec(warning);
    if (!match) continue;
    const words = Object.values(match.groups ?? {}).filter((word) => !/[\s"]/u.test(word));
    return findings.find((finding) => {
      const said = `${finding.message} ${finding.origin.path.join(".")}`;
      return finding.code === code && words.filter((word) => !said.includes(word)).length === 0;
    });
  }
  return undefined;
}

/** The tables without what is said of an agent's provider, which has a test of its own. */
function withoutProviders(config: unknown): unknown {
  return JSON.parse(
    JSON.stringify(config, (key, value: unknown) => {
      if (key !== "_resolved") return value;
      return Object.fromEntries(Object.entries(value as object).filter(([name]) => name !== "provider"));
    }),
  ) as unknown;
}

describe("a city of files is to us what it is to gc", () => {
  it.each(vectorCities())("%s", (name) => {
    const expected = readVectors(`config/${name}/expected.json`) as Expected;
    const files = memoryFiles(vectorFiles(name));
    const city = composeCity(files, `/city/${name}`, { systemPacks: false, implicitImports: false });
    const findings = [...city.findings, ...validateCity(city)];

    const refused = !expected.loads || (expected.validation_errors ?? []).length > 0;
    expect(findings.filter(({ severity }) => severity === "error").length > 0).toBe(refused);

    const all = expected.warnings ?? [];
    const theirs = all.filter((warning) => !isWithinUnknown(warning, all));
    const ours = findings.filter(({ severity }) => severity === "warning");
    const matched = new Map(theirs.map((warning) => [warning, counterpart(warning, ours)]));
    expect([...matched].filter(([, finding]) => finding === undefined)).toEqual([]);
    expect(new Set(matched.values()).size).toBe(theirs.length);
    const found = new Set(matched.values());
    if (expected.loads) {
      expect(ours.filter((finding) => !found.has(finding) && !isBeyondGc(finding))).toEqual([]);
      const { config, derived } = describeCity(city, files);
      expect(derived).toEqual(expected.derived);
      expect(withoutProviders(config)).toEqual(withoutProviders(expected.config));
    }
  });
});
