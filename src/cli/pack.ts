import { resolve } from "node:path";
import { diskFiles } from "../city/files/disk-files.ts";
import { fetchPacks } from "../runtime/fetch-packs.ts";
import { untilInterrupted } from "./until-interrupted.ts";
import { parseArguments, unusable } from "./arguments.ts";
import type { ProcessIo } from "./process-io.ts";

const usage = `Usage: gascity pack fetch [CITY]

Clones with git what the packs of the city in the folder CITY, by default this one, need and this machine does not have,
to where gc keeps it too. Nothing else fetches packs.
`;

const options = { help: { type: "boolean" } } as const;

/** The verb `pack`. */
export const packVerb = { usage, run: pack };

async function pack(args: readonly string[], { env, stdout }: ProcessIo): Promise<number> {
  const { values, positionals } = parseArguments("pack", args, options);
  if (values.help) {
    stdout.write(usage);
    return 0;
  }
  const [operation, folder = ".", ...rest] = positionals;
  if (operation !== "fetch" || rest.length > 0) throw unusable("pack", "gascity pack has one operation: fetch");
  const source = { root: resolve(folder), files: diskFiles, env };
  const fetched = await untilInterrupted("This", (signal) =>
    fetchPacks(source, ({ repository, into }) => stdout.write(`Fetching ${repository} to ${into}\n`), signal),
  );
  if (fetched.length === 0) stdout.write("No pack is missing\n");
  return 0;
}
