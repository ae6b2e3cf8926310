import { relative } from "node:path";
import type { Diagnostic } from "./diagnostic.ts";

/** `FILE:LINE:COLUMN: error: …`, as editors and terminals know to follow it; a file below `folder` is named from there. */
export function diagnosticLine({ file, range, severity, message }: Diagnostic, folder: string): string {
  const { line, character } = range.start;
  const near = relative(folder, file);
  return `${near.startsWith("..") ? file : near}:${line + 1}:${character + 1}: ${severity}: ${message}`;
}
