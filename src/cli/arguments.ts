import { type ParseArgsConfig, parseArgs } from "node:util";
import { ProblemError, problemOf } from "../lib/problem.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Parsed<O extends Options> = ReturnType<
  typeof parseArgs<{ readonly args: string[]; readonly options: O; readonly allowPositionals: true }>
>;

/** The options and other words that a verb was called with. Fails as `unusable` says. */
export function parseArguments<const O extends Options>(verb: string, args: readonly string[], options: O): Parsed<O> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // What follows the first sentence speaks to programmers.
    throw unusable(verb, problemOf(error).reason.replace(/\..*$/su, ""));
  }
}

/** The error for a verb that was called in another way than its usage says. */
export function unusable(verb: string, reason: string): ProblemError {
  return new ProblemError({ code: "unsupported", reason, action: `See gascity ${verb} --help` });
}
