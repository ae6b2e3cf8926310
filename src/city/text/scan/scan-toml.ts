import type { TomlPath } from "../toml-path.ts";
import { scanEntry } from "./scan-entry.ts";
import { scanKeys } from "./scan-keys.ts";
import type { ScannedEntry, ScannedHeader, ScannedSection, ScannedToml } from "./scanned-toml.ts";
import { TablePaths } from "./table-paths.ts";
import { TextCursor } from "./text-cursor.ts";

interface OpenSection {
  readonly path: TomlPath;
  readonly header: ScannedHeader | undefined;
  readonly entries: ScannedEntry[];
  readonly start: number;
}

/**
 * Reads as much of a text as can be read, line by line: a half-written line spoils only itself. What is right TOML is
 * read as TOML is; what is wrong is for a parser to complain about.
 */
export function scanToml(text: string): ScannedToml {
  const cursor = new TextCursor(text);
  const paths = new TablePaths();
  const sections: ScannedSection[] = [];
  let section: OpenSection = { path: [], header: undefined, entries: [], start: 0 };
  while (cursor.skipBlankLines()) {
    const start = cursor.at;
    if (cursor.char === "[") {
      const header = scanHeader(cursor);
      sections.push({ ...section, end: header.start });
      const names = header.keys.map(({ name }) => name);
      section = { path: paths.enter(names, header.isElement), header, entries: [], start: header.start };
    } else {
      const entry = scanEntry(cursor, section.path);
      if (entry.end > entry.start) section.entries.push(entry);
    }
    // A value without an end stops at the line where it cannot go on.
    if (cursor.at === start || !cursor.isFirstOnLine) cursor.skipLine();
  }
  sections.push({ ...section, end: text.length });
  return { text, sections, comments: cursor.comments };
}

function scanHeader(cursor: TextCursor): ScannedHeader {
  const start = cursor.at;
  const isElement = cursor.take(/\[\[?/y).length === 2;
  cursor.skipBlanks();
  const keys = scanKeys(cursor);
  cursor.take(isElement ? /[ \t]*\]{1,2}/y : /[ \t]*\]/y);
  return { start, end: cursor.at, keys, isElement };
}
