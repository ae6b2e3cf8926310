import { type AST, ParseError, parseTOML } from "toml-eslint-parser";
import type { TomlPath } from "../../text/toml-path.ts";
import { lineStart } from "./lines.ts";

/** One `[table]` or `[[element]]` with the lines below it, or the keys before the first of them. */
export interface Section {
  readonly path: TomlPath;
  readonly header: AST.TOMLTable | undefined;
  readonly entries: readonly AST.TOMLKeyValue[];
  readonly start: number;
  /** After the last entry or the header. */
  readonly end: number;
}

/**
 * A value in a TOML text, by what writes it:
 * - `value`: a value after `=` or in an array, inline tables too
 * - `section`: a table with a header of its own
 * - only `entry`: a table that dotted keys write, `entry` being the last of them
 * - none: a table or an array that only the headers of its children imply
 */
export interface TomlNode {
  readonly children: Map<string | number, TomlNode>;
  section?: Section;
  value?: AST.TOMLContentNode;
  /** The `key = value` whose key leads to this node, with its first `keyDepth` parts. */
  entry?: AST.TOMLKeyValue;
  keyDepth?: number;
}

/** A text that is not TOML. `line` and `character` count from 0. */
export class TomlSyntaxError extends Error {
  override readonly name = "TomlSyntaxError";
  readonly line: number;
  readonly character: number;

  constructor(line: number, character: number, message: string) {
    super(message);
    this.line = line;
    this.character = character;
  }
}

/** What is written where in a TOML text. */
export class TomlTree {
  readonly text: string;
  readonly root: TomlNode;
  /** In the order of the text. */
  readonly sections: readonly Section[];
  readonly #comments: readonly AST.Comment[];
  readonly #commentLines: ReadonlySet<number>;

  /** `text` has no byte order mark. Fails with a TomlSyntaxError. */
  constructor(text: string) {
    const program = parse(text);
    this.text = text;
    this.#comments = program.comments;
    this.#commentLines = new Set(
      program.comments.flatMap(({ range: [start] }) => {
        const line = lineStart(text, start);
        return text.slice(line, start).trim() === "" ? line : [];
      }),
    );
    this.sections = sectionsOf(program.body[0]);
    this.root = { children: new Map() };
    for (const section of this.sections) addSection(this.root, section);
  }

  /** The node at `path`; undefined when nothing is written there. */
  at(path: TomlPath): TomlNode | undefined {
    let node: TomlNode | undefined = this.root;
    for (const key of path) node = node?.children.get(key);
    return node;
  }

  /** The sections of the table or array at `path` and of all below it, in the order of the text. */
  sectionsUnder(path: TomlPath): readonly Section[] {
    return this.sections.filter((section) => path.every((key, index) => section.path[index] === key));
  }

  /** Whether the line that starts at `start` holds nothing but a comment. */
  isCommentLine(start: number): boolean {
    return this.#commentLines.has(start);
  }

  /** Whether a comment starts in this range. */
  hasComment(start: number, end: number): boolean {
    return this.#comments.some(({ range }) => range[0] >= start && range[0] < end);
  }
}

function parse(text: string): AST.TOMLProgram {
  try {
    // The parser gives a lone 0 at the very end no range.
    return parseTOML(text.endsWith("0") ? `${text}\n` : text);
  } catch (error) {
    if (error instanceof ParseError) throw new TomlSyntaxError(error.lineNumber - 1, error.column, error.message);
    throw error;
  }
}

/** The parts of a key, unquoted. */
function keyParts(key: AST.TOMLKey): readonly string[] {
  return key.keys.map((part) => (part.type === "TOMLBare" ? part.name : part.value));
}

function sectionsOf(body: AST.TOMLTopLevelTable): readonly Section[] {
  const sections: Section[] = [];
  const rootEntries = body.body.filter((node) => node.type === "TOMLKeyValue");
  sections.push({
    path: [],
    header: undefined,
    entries: rootEntries,
    start: rootEntries[0]?.range[0] ?? 0,
    end: rootEntries.at(-1)?.range[1] ?? 0,
  });
  for (const node of body.body) {
    if (node.type === "TOMLKeyValue") continue;
    const [start, end] = node.range;
    sections.push({ path: node.resolvedKey, header: node, entries: node.body, start, end });
  }
  return sections;
}

function addSection(root: TomlNode, section: Section): void {
  let node = root;
  for (const key of section.path) node = childOf(node, key);
  node.section = section;
  for (const entry of section.entries) addEntry(node, entry);
}

function addEntry(table: TomlNode, entry: AST.TOMLKeyValue): void {
  let node = table;
  for (const [index, key] of keyParts(entry.key).entries()) {
    node = childOf(node, key);
    node.entry = entry;
    node.keyDepth = index + 1;
  }
  addValue(node, entry.value);
}

function addValue(node: TomlNode, value: AST.TOMLContentNode): void {
  node.value = value;
  if (value.type === "TOMLInlineTable") for (const entry of value.body) addEntry(node, entry);
  if (value.type === "TOMLArray") {
    for (const [index, element] of value.elements.entries()) addValue(childOf(node, index), element);
  }
}

function childOf(node: TomlNode, key: string | number): TomlNode {
  const known = node.children.get(key);
  if (known) return known;
  const child: TomlNode = { children: new Map() };
  node.children.set(key, child);
  return child;
}
