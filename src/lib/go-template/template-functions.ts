import type { TemplateValue } from "./template-node.ts";

/**
 * Go's own functions of templates, except `and` and `or`, which do not take all their values, and `call`, `html`,
 * `js` and `urlquery`, for which prompts and names have no use. They throw an Error that says what they cannot take.
 */
export const templateFunctions = {
  not: (value: TemplateValue, ...rest: TemplateValue[]): TemplateValue => {
    exactly(1, value, ...rest);
    return typeof value === "object" ? Object.keys(value).length === 0 : !value;
  },
  len: (value: TemplateValue, ...rest: TemplateValue[]): TemplateValue => {
    exactly(1, value, ...rest);
    if (typeof value === "string") return Buffer.byteLength(value);
    if (typeof value === "object") return Object.keys(value).length;
    throw new Error(`a ${typeof value} has no length`);
  },
  index: (value: TemplateValue, ...keys: TemplateValue[]): TemplateValue => {
    exactly(2, value, ...keys);
    const [key] = keys;
    if (typeof value !== "object" || typeof key !== "string") throw new Error("it needs a map and a string");
    return Object.hasOwn(value, key) ? (value[key] ?? "") : "";
  },
  slice: (value: TemplateValue, ...bounds: TemplateValue[]): TemplateValue => {
    const [from = 0, to = typeof value === "string" ? Buffer.byteLength(value) : 0] = bounds;
    if (typeof value !== "string" || typeof from !== "number" || typeof to !== "number" || bounds.length > 2) {
      throw new Error("it needs a string and at most two numbers");
    }
    const bytes = Buffer.from(value);
    if (from < 0 || from > to || to > bytes.length) throw new Error(`${from} to ${to} lies outside the string`);
    return bytes.subarray(from, to).toString();
  },
  print: (...values: TemplateValue[]): TemplateValue => print(values),
  println: (...values: TemplateValue[]): TemplateValue => `${values.map(text).join(" ")}\n`,
  printf: (format: TemplateValue, ...values: TemplateValue[]): TemplateValue => {
    if (typeof format !== "string") throw new Error("it needs a format");
    return printf(format, values);
  },
  eq: (first: TemplateValue, ...others: TemplateValue[]): TemplateValue => {
    if (others.length === 0) throw new Error("it needs two values");
    return others.some((other) => compare(first, other) === 0);
  },
  ne: (...values: TemplateValue[]): TemplateValue => comparePair(values) !== 0,
  lt: (...values: TemplateValue[]): TemplateValue => orderPair(values) < 0,
  le: (...values: TemplateValue[]): TemplateValue => orderPair(values) <= 0,
  gt: (...values: TemplateValue[]): TemplateValue => orderPair(values) > 0,
  ge: (...values: TemplateValue[]): TemplateValue => orderPair(values) >= 0,
} as const;

function exactly(count: number, ...values: readonly (TemplateValue | undefined)[]): void {
  const given = values.filter((value) => value !== undefined).length;
  if (given !== count) throw new Error(`it takes ${count} value${count === 1 ? "" : "s"}, not ${given}`);
}

function text(value: TemplateValue): string {
  if (typeof value === "object") throw new Error("all values at once cannot be printed");
  return String(value);
}

/** As Go's Sprint: a blank only between two values of which neither is a string. */
function print(values: readonly TemplateValue[]): string {
  return values
    .map((value, index) => {
      const before = values[index - 1];
      const spaced = index > 0 && typeof before !== "string" && typeof value !== "string";
      return (spaced ? " " : "") + text(value);
    })
    .join("");
}

function printf(format: string, values: readonly TemplateValue[]): string {
  let next = 0;
  const filled = format.replace(/%(%|[^%a-zA-Z]*[a-zA-Z]?)/gu, (verb, code: string) => {
    if (code === "%") return "%";
    const value = values[next++];
    if (value !== undefined && code === "v") return text(value);
    if (typeof value === "string" && code === "s") return value;
    if (typeof value === "string" && code === "q") return JSON.stringify(value);
    if (typeof value === "number" && code === "d") return String(value);
    throw new Error(`${verb} with ${value === undefined ? "no value" : `a ${typeof value}`} is not supported`);
  });
  if (next < values.length) throw new Error("it has more values than verbs");
  return filled;
}

function comparePair(values: readonly TemplateValue[]): number {
  const [first, second] = values;
  if (first === undefined || second === undefined || values.length > 2) throw new Error("it takes 2 values");
  return compare(first, second);
}

function orderPair(values: readonly TemplateValue[]): number {
  if (values.some((value) => typeof value === "boolean")) throw new Error("true and false have no order");
  return comparePair(values);
}

/** Strings by their bytes, as in Go. */
function compare(first: TemplateValue, second: TemplateValue): number {
  if (typeof first === "string" && typeof second === "string") {
    return Buffer.compare(Buffer.from(first), Buffer.from(second));
  }
  if (typeof first === "number" && typeof second === "number") return first - second;
  if (typeof first === "boolean" && typeof second === "boolean") return Number(first) - Number(second);
  throw new Error(`a ${typeof first} cannot be compared with a ${typeof second}`);
}
