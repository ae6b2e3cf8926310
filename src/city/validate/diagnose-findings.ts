import type { CheckedFile } from "../compose/check-file.ts";
import type { Finding } from "../compose/finding.ts";
import type { Diagnostic, Range } from "../diagnostic.ts";
import { startOfText, type TomlRanges, tomlRanges } from "../text/toml-ranges.ts";

/** Findings with the places in their files, in the files' order and from top to bottom in each. */
export function diagnoseFindings(
  findings: readonly Finding[],
  files: ReadonlyMap<string, CheckedFile>,
): readonly Diagnostic[] {
  const order = new Map(Array.from(files.keys(), (file, index) => [file, index]));
  const rank = ({ file }: Diagnostic): number => order.get(file) ?? files.size;
  return findings
    .map((finding) => diagnose(finding, files.get(finding.origin.file)))
    .sort((a, b) => rank(a) - rank(b) || a.range.start.line - b.range.start.line);
}

function diagnose(finding: Finding, file: CheckedFile | undefined): Diagnostic {
  const { severity, code, message, suggestion, origin } = finding;
  const diagnostic = { file: origin.file, severity, message, range: rangeOf(finding, file), code };
  return suggestion === undefined ? diagnostic : { ...diagnostic, suggestion };
}

function rangeOf({ range, origin, at }: Finding, file: CheckedFile | undefined): Range {
  if (range) return range;
  if (!file || origin.path.length === 0) return startOfText(file?.text ?? "");
  return at === "key" ? rangesOf(file).keyAt(origin.path) : rangesOf(file).valueAt(origin.path);
}

/** Ranges need a parser of their own, which is slow: it reads a text once, and only when there is something to point at. */
const ranges = new WeakMap<CheckedFile, TomlRanges>();

function rangesOf(file: CheckedFile): TomlRanges {
  const known = ranges.get(file) ?? tomlRanges(file.text);
  ranges.set(file, known);
  return known;
}
