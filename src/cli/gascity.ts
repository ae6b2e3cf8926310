import packageJson from "../../package.json" with { type: "json" };
import type { Log } from "../lib/log.ts";
import { problemOf } from "../lib/problem.ts";
import type { ProcessIo } from "./process-io.ts";

/** A verb resolves with the program's exit code, or fails with the Problem that kept it from its work. */
interface Verb {
  readonly usage: string;
  run(args: readonly string[], io: ProcessIo, log: Log): number | Promise<number>;
}

/** Each is loaded on first use: gc starts this program anew for all that it does with a session. */
const verbs: ReadonlyMap<string, () => Promise<Verb>> = new Map<string, () => Promise<Verb>>([
  ["init", async () => (await import("./init.ts")).initVerb],
  ["config", async () => (await import("./config.ts")).configVerb],
  ["pack", async () => (await import("./pack.ts")).packVerb],
  ["controller", async () => (await import("./controller.ts")).controllerVerb],
  ["session", async () => (await import("./session.ts")).sessionVerb],
]);

/** The program `gascity` with these arguments. Resolves with its exit code; what is wrong is on standard error. */
export async function gascity([verb = "", ...args]: readonly string[], io: ProcessIo): Promise<number> {
  switch (verb) {
    case "":
    case "--help":
    case "-h": {
      const all = await Promise.all([...verbs.values()].map((load) => load()));
      io.stdout.write(`gascity ${packageJson.version}\n\n${all.map(({ usage }) => usage).join("\n")}`);
      return 0;
    }
    case "--version":
      io.stdout.write(`${packageJson.version}\n`);
      return 0;
  }
  const load = verbs.get(verb);
  if (!load) {
    io.stderr.write(`There is no verb "${verb}". See gascity --help.\n`);
    return 1;
  }
  try {
    return await (await load()).run(args, io, logTo(io));
  } catch (error) {
    const { reason, action } = problemOf(error);
    io.stderr.write(`${reason}. ${action}.\n`);
    return 1;
  }
}

function logTo({ env, stderr }: ProcessIo): Log {
  const write = (message: string): void => void stderr.write(`${message}\n`);
  const detail = env["GASCITY_DEBUG"] ? write : () => {};
  return { debug: detail, info: detail, warn: write, error: write };
}
