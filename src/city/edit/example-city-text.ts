import type fc from "fast-check";
import { boolean, constantFrom, integer, nat } from "fast-check";
import { type TomlInput, type TomlRecord, keyText, valueText } from "./toml/toml-text.ts";

/** For tests: draws values; what `fc.gen()` gives. */
type Draw = fc.GeneratorValue;

/** A section, or the lines before the first: `owner` goes into its comments, as `#@owner`. */
interface Block {
  readonly owner: string;
  readonly lines: readonly string[];
}

/** For tests: a city's tables, written in one of the many ways in which people write TOML. */
export function drawCityText(draw: Draw, city: TomlRecord): string {
  const eol = draw(constantFrom, "\n", "\r\n");
  const { lines, groups } = new Writer(draw).table([], city, "loose", true);
  const blocks = [{ owner: "loose", lines }, ...interleave(draw, groups)].filter((block) => block.lines.length > 0);
  let text = draw(constantFrom, "", "", "\uFEFF");
  for (const [index, { lines, owner }] of blocks.entries()) {
    const gap = draw(constantFrom, 1, 1, 0, 2);
    if (index > 0) text += eol.repeat(1 + gap);
    const between = owner === blocks[index - 1]?.owner ? owner : "loose";
    if (index > 0 && gap > 0 && draw(nat, 4) === 0) text += `# more #@${between}${eol.repeat(1 + gap)}`;
    text += lines.join(eol);
  }
  return text + draw(constantFrom, eol, eol, "", eol + eol);
}

/** Merges lists without changing the order within each. */
function interleave<T>(draw: Draw, lists: readonly (readonly T[])[]): readonly T[] {
  const rest = lists.map((list) => [...list]);
  const result: T[] = [];
  for (let left; (left = rest.filter((list) => list.length > 0)).length > 0;) {
    // Now and then another list's turn, else all of one.
    const list = left[draw(nat, left.length - 1)] ?? [];
    result.push(...list.splice(0, draw(constantFrom, 1, 2, 100)));
  }
  return result;
}

class Writer {
  readonly #draw: Draw;
  readonly #indent: string;
  readonly #equals: string;
  readonly #aligned: boolean;

  constructor(draw: Draw) {
    this.#draw = draw;
    this.#indent = draw(constantFrom, "", "", "  ", "\t");
    this.#equals = draw(constantFrom, " = ", " = ", "=", "  = ", " =\t");
    this.#aligned = draw(boolean);
  }

  /** The lines of a table's own keys, and one group of blocks for each of its sub-tables with headers. */
  table(
    path: readonly string[],
    table: TomlRecord,
    owner: string,
    headers: boolean,
  ): { lines: string[]; groups: Block[][] } {
    const groups: Block[][] = [];
    const lines: string[] = [];
    const width = this.#aligned ? Math.max(0, ...Object.keys(table).map((key) => keyText(key).length)) : 0;
    for (const [key, value] of this.#shuffled(Object.entries(table))) {
      const form = this.#draw(constantFrom, "header", "header", "dotted", "inline");
      if (headers && form === "header" && isRecord(value)) groups.push(this.#section([...path, key], value, owner));
      else if (headers && form === "header" && isRecords(value))
        groups.push(this.#elements([...path, key], value, owner));
      else if (form === "dotted" && isRecord(value))
        lines.push(...this.#dotted([...path, key], this.#key(key), value, owner));
      else lines.push(...this.#line([...path, key], this.#key(key).padEnd(width), value, owner));
    }
    return { lines, groups };
  }

  #section(path: readonly string[], table: TomlRecord, owner: string): Block[] {
    const { lines, groups } = this.table(path, table, owner, true);
    const implied = lines.length === 0 && groups.length > 0 && this.#draw(boolean);
    const header = [...this.#above(owner), this.#header(path, "[", "]", owner)];
    return [...(implied ? [] : [{ owner, lines: [...header, ...lines] }]), ...interleave(this.#draw, groups)];
  }

  #elements(path: readonly string[], elements: readonly TomlRecord[], owner: string): Block[] {
    return elements.flatMap((element) => {
      const own = ownerOf(path, element, owner);
      const { lines, groups } = this.table(path, element, own, true);
      const header = [...this.#above(own), this.#header(path, "[[", "]]", own)];
      const below = this.#draw(nat, 5) === 0 ? [`# below #@${own}`, ""] : [];
      return [{ owner: own, lines: [...header, ...lines, ...below] }, ...interleave(this.#draw, groups)];
    });
  }

  #header(path: readonly string[], open: string, close: string, owner: string): string {
    const blank = this.#draw(constantFrom, "", "", " ");
    return `${open}${blank}${path.map((key) => this.#key(key)).join(`${blank}.${blank}`)}${blank}${close}${this.#behind(owner)}`;
  }

  #dotted(path: readonly string[], prefix: string, table: TomlRecord, owner: string): string[] {
    return Object.entries(table).flatMap(([key, value]) => {
      const full = `${prefix}.${this.#key(key)}`;
      const own = [...path, key];
      if (isRecord(value) && this.#draw(boolean)) return this.#dotted(own, full, value, owner);
      return this.#line(own, full, value, owner);
    });
  }

  #line(path: readonly string[], key: string, value: TomlInput, owner: string): string[] {
    const text = this.#value(path, value, owner).split("\n");
    const [first = "", ...more] = text;
    const last = more.pop();
    const behind = this.#behind(owner);
    const start = `${this.#indent}${key}${this.#equals}${first}`;
    const body = last === undefined ? [start + behind] : [start, ...more, last + behind];
    return [...this.#above(owner).map((line) => this.#indent + line), ...body];
  }

  #value(path: readonly string[], value: TomlInput, owner: string): string {
    if (typeof value === "string") return valueText(value, this.#draw(boolean));
    if (typeof value !== "object") return valueText(value);
    const isArray = Array.isArray(value);
    const [open, close] = isArray ? ["[", "]"] : ["{", "}"];
    const items = Object.entries(value as TomlRecord).map(([key, item]) => {
      const own = isArray && isRecord(item) ? ownerOf(path, item, owner) : owner;
      const text = this.#value(isArray ? path : [...path, key], item, own);
      return { text: isArray ? text : `${this.#key(key)} = ${text}`, owner: own };
    });
    const blank = this.#draw(constantFrom, "", " ");
    if (items.length === 0) return open + close;
    const form = this.#draw(constantFrom, "line", "line", "lines", "comma");
    if (form === "line") return `${open}${blank}${items.map(({ text }) => text).join(", ")}${blank}${close}`;
    const lines = items.map(({ text, owner }, index) => {
      const comma = index < items.length - 1 || form === "comma" ? "," : "";
      return `  ${text}${comma}${this.#behind(owner)}`;
    });
    return [open, ...lines, close].join("\n");
  }

  #key(key: string): string {
    const quoted = this.#draw(nat, 8);
    return quoted === 0 ? JSON.stringify(key) : quoted === 1 ? `'${key}'` : keyText(key);
  }

  #above(owner: string): string[] {
    return Array.from({ length: Math.max(0, this.#draw(integer, { min: -4, max: 2 })) }, () => `# above #@${owner}`);
  }

  #behind(owner: string): string {
    return this.#draw(nat, 6) === 0 ? ` # behind #@${owner}` : "";
  }

  #shuffled<T>(items: readonly T[]): readonly T[] {
    const start = this.#draw(nat, Math.max(0, items.length - 1));
    return [...items.slice(start), ...items.slice(0, start)];
  }
}

/** The owner of an element's comments: the array and what the element is about. */
function ownerOf(path: readonly string[], { template, agent, name }: TomlRecord, owner: string): string {
  const subject = [template, agent, name].find((value) => typeof value === "string");
  return owner === "loose" ? `${path.join(".")}:${subject}` : owner;
}

function isRecord(value: TomlInput): value is TomlRecord {
  return typeof value === "object" && !Array.isArray(value);
}

function isRecords(value: TomlInput): value is readonly TomlRecord[] {
  return Array.isArray(value) && value.length > 0 && value.every(isRecord);
}
