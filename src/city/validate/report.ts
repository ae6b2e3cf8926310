import type { ComposedCity } from "../compose/compose-city.ts";
import type { Finding, FindingCode } from "../compose/finding.ts";
import type { TomlPath } from "../text/toml-path.ts";

/** Says something of the value at `path` in the composed city; of its key with `at`. */
export type Report = (
  severity: Finding["severity"],
  code: FindingCode,
  path: TomlPath,
  message: string,
  at?: Finding["at"],
) => void;

/** Collects findings, each at the place of the file that wrote the value. */
export function collectFindings(city: ComposedCity, check: (report: Report) => void): readonly Finding[] {
  const findings: Finding[] = [];
  const fallback = { file: `${city.root}/city.toml`, path: [] };
  check((severity, code, path, message, at) => {
    const origin = city.provenance.locate(city.config, path) ?? fallback;
    findings.push({ severity, code, origin, message, ...(at && { at }) });
  });
  return findings;
}
