import { argv, env, exit, stderr, stdout } from "node:process";
import packageJson from "../package.json" with { type: "json" };
import { config, configUsage } from "./cli/config.ts";
import { init, initUsage } from "./cli/init.ts";
import { session, sessionUsage } from "./cli/session.ts";
import type { Log } from "./lib/log.ts";
import { problemOf } from "./lib/problem.ts";

const log: Log = {
  debug: (message) => void (env["GASCITY_DEBUG"] && stderr.write(`${message}\n`)),
  info: (message) => void (env["GASCITY_DEBUG"] && stderr.write(`${message}\n`)),
  warn: (message) => void stderr.write(`${message}\n`),
  error: (message) => void stderr.write(`${message}\n`),
};

async function main([verb, ...args]: readonly string[]): Promise<number> {
  switch (verb ?? "") {
    case "config":
      return config(args);
    case "init":
      return init(args);
    case "session":
      return session(args, log);
    case "":
    case "--help":
    case "-h":
      stdout.write(`gascity ${packageJson.version}\n\n${initUsage}\n${configUsage}\n${sessionUsage}`);
      return 0;
    case "--version":
      stdout.write(`${packageJson.version}\n`);
      return 0;
    default:
      stderr.write(`There is no verb "${verb}". See gascity --help.\n`);
      return 1;
  }
}

// Who reads the output may have seen enough of it.
stdout.on("error", () => exit(0));

/** Exits once all that was written has left: a pipe takes no more than its reader. */
function leave(code: number): void {
  stdout.write("", () => exit(code));
}

main(argv.slice(2)).then(leave, (error: unknown) => {
  const { reason, action } = problemOf(error);
  stderr.write(`${reason}. ${action}.\n`);
  leave(1);
});
