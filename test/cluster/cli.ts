import { argv, exit, stderr, stdout } from "node:process";
import { clusterStatus, keepCluster, removeOwnCluster } from "./cluster.ts";

const usage = "Usage: npm run cluster -- up|status [--json]|down [--force]\n";
const begun = Date.now();
const seconds = (): string => `${((Date.now() - begun) / 1000).toFixed(1)} s`;

async function printStatus(json: boolean): Promise<number> {
  const status = await clusterStatus();
  if (json) stdout.write(`${JSON.stringify(status, undefined, 2)}\n`);
  else if (status.running) {
    stdout.write(
      `running     Kubernetes ${status.version}\nkubeconfig  ${status.kubeconfig}\nimage       ${status.image}\n`,
    );
    if (status.registry) stdout.write(`registry    ${status.registry}\n`);
  } else stdout.write(`not running (${status.reason})\n`);
  return status.running ? 0 : 1;
}

async function run(verb: string | undefined, flags: ReadonlySet<string>): Promise<number> {
  switch (verb ?? "") {
    case "up": {
      const started = await keepCluster((step) => stderr.write(`${seconds().padStart(8)}  ${step}\n`));
      stderr.write(started ? `Up after ${seconds()}\n` : "It is up\n");
      return printStatus(flags.has("--json"));
    }
    case "status":
      return printStatus(flags.has("--json"));
    case "down":
      stderr.write(
        (await removeOwnCluster(flags.has("--force")))
          ? `Down after ${seconds()}\n`
          : "There is no cluster of this machine's own to take down\n",
      );
      return 0;
    default:
      stderr.write(usage);
      return 2;
  }
}

try {
  exit(await run(argv[2], new Set(argv.slice(3))));
} catch (error) {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
  stderr.write(`${error instanceof Error ? error.message : String(error)}${cause}\n`);
  exit(1);
}
