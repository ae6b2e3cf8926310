import * as z from "zod";
import { anyOf } from "../../lib/any-of.ts";
import { parseDuration } from "../duration.ts";

// Its probe for generated code touches `navigator`, which the extension host reports as an error with a stack trace.
z.config({ jitless: true });

/** What a key names. Editors complete it, and go to its definition. */
export type Reference = "agent" | "provider" | "rig" | "pack" | "event";

/** What people are told of a key. */
export interface Meaning {
  /** One or two sentences, in Markdown. */
  readonly description: string;
  /** What holds without the key, as it would be written. */
  readonly default?: string;
  readonly refers?: Reference;
  /** Values that make sense where any text is taken. */
  readonly examples?: readonly string[];
  /** Set for a key that gc reads and that changes nothing: at all, or for agents in pods. */
  readonly without?: "effect" | "effect on Kubernetes";
  /** Set for a key that should not be written any more: what to write. */
  readonly instead?: string;
}

type Words = string | Meaning;

function told<Schema extends z.ZodType>(schema: Schema, words: Words): z.ZodOptional<Schema> {
  return schema.optional().meta(typeof words === "string" ? { description: words } : { ...words });
}

/** What people are told of the key that has this schema; undefined for a schema that is no key's. */
export function meaningOf(schema: z.core.$ZodType): Meaning | undefined {
  return z.globalRegistry.get(schema) as Meaning | undefined;
}

/** A breach of it is worth a warning: gc goes on with the default. */
const warning = { params: { severity: "warning" } };

const durationText = z.string().refine((text) => text === "" || parseDuration(text) !== undefined, {
  message: 'must be a duration such as "30s" or "1h30m"',
  ...warning,
});
/** gc minds neither blanks around it nor the case of "off". */
const sleepText = z
  .string()
  .refine((text) => /^\s*(?:off\s*)?$/iu.test(text) || parseDuration(text.trim()) !== undefined, {
    message: 'must be a duration such as "30m", or "off"',
    ...warning,
  });
const knownChoice = (choices: readonly string[]) =>
  z.string().refine((text) => text === "" || choices.includes(text), {
    message: `must be ${anyOf(choices.map((choice) => JSON.stringify(choice)))}`,
    ...warning,
  });
/** A whole number of 64 bits, and of those the ones that JavaScript holds exactly. */
const wholeNumber = z.int("must be a whole number");

/** The kinds of keys, each optional: what a table must have is `required`. */
export const key = {
  text: (words: Words) => told(z.string(), words),
  pattern: (pattern: RegExp, rule: string, words: Words) => told(z.string().regex(pattern, rule), words),
  oneOf: <const Choice extends string>(choices: readonly Choice[], words: Words) => told(z.enum(choices), words),
  /** Of these; gc takes anything else for none. */
  oneOfKnown: (choices: readonly string[], words: Meaning) =>
    told(knownChoice(choices), { ...words, examples: choices }),
  flag: (words: Words) => told(z.boolean(), words),
  number: (words: Words) => told(wholeNumber, words),
  atLeast: (least: number, words: Words) => told(wholeNumber.min(least, `must be ${least} or more`), words),
  texts: (words: Words) => told(z.array(z.string()), words),
  textMap: (words: Words) => told(z.record(z.string(), z.string()), words),
  duration: (words: Words) => told(durationText, words),
  sleep: (words: Words) => told(sleepText, words),
  table: <Schema extends z.ZodType>(schema: Schema, words: Words) => told(schema, words),
  tables: <Schema extends z.ZodType>(schema: Schema, words: Words) => told(z.array(schema), words),
  tableMap: <Schema extends z.ZodType>(schema: Schema, words: Words) => told(z.record(z.string(), schema), words),
};

/** The same key, which its table cannot do without; a text is not empty then. */
export function required<Schema extends z.ZodType>(optional: z.ZodOptional<Schema>): Schema {
  const schema = optional.unwrap();
  const takesEmpty = schema instanceof z.ZodString && schema.safeParse("").success;
  return (takesEmpty ? schema.min(1, "is required") : schema).meta({ ...meaningOf(optional) });
}
