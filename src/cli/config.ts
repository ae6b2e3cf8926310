import { resolve } from "node:path";
import { cwd } from "node:process";
import { composeCity } from "../city/compose/compose-city.ts";
import { diagnosticLine } from "../city/diagnostic-line.ts";
import { diskFiles } from "../city/files/disk-files.ts";
import { configText } from "../city/resolve/config-text.ts";
import { describeCity } from "../city/resolve/describe-city.ts";
import { diagnoseFindings } from "../city/validate/diagnose-findings.ts";
import { validateCity } from "../city/validate/validate-city.ts";
import { parseArguments, unusable } from "./arguments.ts";
import type { ProcessIo } from "./process-io.ts";

const usage = `Usage: gascity config show [--json] [CITY]

Prints the city in the folder CITY, by default this one, as all of its files make it: fragments, packs, patches and
agents in folders of their own. What is wrong with a file is said on standard error, with its place.

  --json   prints it as JSON, with what follows for each agent: command line, session name, limits
`;

const options = { json: { type: "boolean" }, help: { type: "boolean" } } as const;

/** The verb `config`; its exit code is 1 when the city does not load. */
export const configVerb = { usage, run: config };

function config(args: readonly string[], io: ProcessIo): number {
  const { values, positionals } = parseArguments("config", args, options);
  if (values.help) {
    io.stdout.write(usage);
    return 0;
  }
  const [operation, folder = ".", ...rest] = positionals;
  if (operation !== "show" || rest.length > 0) throw unusable("config", "gascity config has one operation: show");
  return show(resolve(folder), values.json ?? false, io);
}

function show(root: string, json: boolean, { env, stdout, stderr }: ProcessIo): number {
  const city = composeCity(diskFiles, root, { env });
  const diagnostics = diagnoseFindings([...city.findings, ...validateCity(city, env)], city.sources.read);
  for (const diagnostic of diagnostics) stderr.write(`${diagnosticLine(diagnostic, cwd())}\n`);
  if (!city.findings.some(({ severity }) => severity === "error")) {
    const description = { city_dir: root, ...describeCity(city, diskFiles) };
    stdout.write(json ? `${JSON.stringify(description, null, 2)}\n` : configText(city.config));
  }
  return diagnostics.some(({ severity }) => severity === "error") ? 1 : 0;
}
