import type { OptionTable } from "../schema/provider.ts";

type Values = Readonly<Record<string, string>>;

/** Arguments without those that options set, and what these say about the options. */
export interface StrippedArgs {
  readonly args: readonly string[];
  /** By option; the first to say something about it wins. */
  readonly chosen: Values;
}

/**
 * Takes the flags of options out of a provider's arguments, so that an option is not set twice. A flag is any part of a
 * choice's flags that begins with `--`, matched in the order of the schema; one that is all the flags of a choice also
 * makes that choice (gascity-spec §1.4).
 */
export function stripOptionFlags(args: readonly string[], schema: readonly OptionTable[]): StrippedArgs {
  const flags = schema.flatMap(({ choices }) =>
    (choices ?? []).flatMap(({ flag_args: flagArgs }) => splitAtFlags(flagArgs ?? [])),
  );
  const rest: string[] = [];
  const chosen = new Map<string, string>();
  for (let at = 0; at < args.length;) {
    const start = at;
    const flag = flags.find((parts) => parts.every((part, index) => part === args[start + index]));
    if (!flag) {
      rest.push(args[at++] ?? "");
      continue;
    }
    at += flag.length;
    for (const { key, choices } of schema) {
      const made = choices?.find(({ flag_args: flagArgs }) => isSame(flagArgs ?? [], flag));
      if (made && !chosen.has(key)) chosen.set(key, made.value);
    }
  }
  return { args: rest, chosen: Object.fromEntries(chosen) };
}

/** What each option is set to: later `layers` win over earlier ones, and all over the schema. Unknown keys stay. */
export function optionValues(schema: readonly OptionTable[], layers: readonly (Values | undefined)[]): Values {
  const written = schema.flatMap(({ key, default: fallback }): [string, string][] =>
    fallback ? [[key, fallback]] : [],
  );
  return Object.fromEntries([...written, ...layers.flatMap((layer) => Object.entries(layer ?? {}))]);
}

/** The arguments that `values` mean, in the order of the schema. A value without a choice of its own means none. */
export function optionArgs(schema: readonly OptionTable[], values: Values): readonly string[] {
  return schema.flatMap(({ key, choices }) => {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    return (value && choices?.find((choice) => choice.value === value)?.flag_args) || [];
  });
}

function splitAtFlags(args: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [];
  for (const arg of args) {
    const last = parts.at(-1);
    if (last && !arg.startsWith("--")) last.push(arg);
    else parts.push([arg]);
  }
  return parts;
}

function isSame(first: readonly string[], second: readonly string[]): boolean {
  return first.length === second.length && first.every((part, index) => part === second[index]);
}
