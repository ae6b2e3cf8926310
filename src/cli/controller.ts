import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { askController } from "../controller/control/ask-controller.ts";
import { untilUncontrolled } from "../controller/control/controller-lock.ts";
import type { Log } from "../lib/log.ts";
import { ProblemError, problemOf } from "../lib/problem.ts";
import { listenAddress } from "../runtime/headless/listen-address.ts";
import { runHeadless } from "../runtime/headless/run-headless.ts";
import { parseArguments, unusable } from "./arguments.ts";
import { cityStatus, statusText } from "./city-status.ts";
import { operatorLog } from "./operator-log.ts";
import type { ProcessIo } from "./process-io.ts";
import { untilInterrupted } from "./until-interrupted.ts";
import { untilToldToEnd } from "./until-told-to-end.ts";

const usage = `Usage: gascity controller run [--listen 127.0.0.1:PORT] [--take-over | --wait] [CITY]
       gascity controller status [--json] [CITY]
       gascity controller poke|reload|stop [CITY]

Controls the city in the folder CITY, by default this one, as a window of the editor does.
  run     starts the city and keeps it running, with a log on standard error (GASCITY_DEBUG=1 for detail). SIGINT and
          SIGTERM end it and leave the agents running; a second one ends it at once
  status  prints who controls the city on this machine, and its agents
  poke    has its controller look again now
  reload  has its controller read the city's files again
  stop    has its controller stop all agents and end; waits until it has

  --listen     serves /healthz, /readyz and /metrics there: loopback only, but for 0.0.0.0 in a cluster
  --take-over  takes the city over from another controller, whose agents go on
  --wait       waits while another controls the city, and then starts it
  --json       prints the status as JSON

Exit codes of run: 0 ended as asked, by a signal or since the city was stopped; 1 the city cannot be loaded or opened;
3 another controls it; 130 or 143 ended at once. Of the others: 0 done, or there is a controller; 1 not.
`;

const options = {
  listen: { type: "string" },
  "take-over": { type: "boolean" },
  wait: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean" },
} as const;

/** The verb `controller`; its exit codes stand in its usage. */
export const controllerVerb = { usage, run: controller };

async function controller(args: readonly string[], io: ProcessIo, log: Log): Promise<number> {
  const { values, positionals } = parseArguments("controller", args, options);
  if (values.help) {
    io.stdout.write(usage);
    return 0;
  }
  const [operation = "", folder = ".", ...rest] = positionals;
  const allowed = { run: ["listen", "take-over", "wait"], status: ["json"], poke: [], reload: [], stop: [] };
  if (!Object.hasOwn(allowed, operation) || rest.length > 0) {
    throw unusable(
      "controller",
      "gascity controller needs one of run, status, poke, reload and stop, and at most one city",
    );
  }
  const known = operation as keyof typeof allowed;
  const stray = Object.keys(values).find((name) => !(allowed[known] as readonly string[]).includes(name));
  if (stray !== undefined) throw unusable("controller", `gascity controller ${known} takes no --${stray}`);
  const root = resolve(folder);
  if (known === "run") return run(root, values, io);
  requireCity(root);
  switch (known) {
    case "status":
      return status(root, values.json ?? false, io, log);
    case "stop":
      return stop(root, io, log);
    case "poke":
    case "reload":
      await ask(root, known);
      io.stdout.write(`The controller ${known === "poke" ? "looks again" : "reads the city's files again"}.\n`);
      return 0;
  }
}

type RunValues = { readonly listen?: string; readonly "take-over"?: boolean; readonly wait?: boolean };

async function run(root: string, values: RunValues, io: ProcessIo): Promise<number> {
  if (values["take-over"] && values.wait) throw unusable("controller", "--take-over and --wait exclude each other");
  const inCluster = isInCluster(io.env);
  const listen = values.listen === undefined ? undefined : listenAddress(values.listen, inCluster);
  requireCity(root);
  const whenElsewhere = values["take-over"] ? "take-over" : values.wait ? "wait" : "fail";
  const kind = inCluster ? "in-cluster" : "headless";
  const log = operatorLog(io);
  try {
    await untilToldToEnd((signal) => runHeadless({ root, env: io.env, log, kind, listen, whenElsewhere }, signal));
    return 0;
  } catch (error) {
    const { code, reason, action } = problemOf(error);
    if (code !== "controlled-elsewhere") {
      log.error(`${reason}. ${action}`);
      return 1;
    }
    log.error(`${reason}. ${values["take-over"] ? action : "Add --take-over to control it from here, or --wait"}`);
    return 3;
  }
}

async function status(root: string, json: boolean, { env, stdout }: ProcessIo, log: Log): Promise<number> {
  const { state, pid } = await cityStatus(root, env, log);
  stdout.write(json ? `${JSON.stringify({ controller: pid ?? null, ...state }, null, 2)}\n` : statusText(state, pid));
  return pid === undefined ? 1 : 0;
}

async function stop(root: string, { env, stdout }: ProcessIo, log: Log): Promise<number> {
  await ask(root, "stop");
  await untilInterrupted("Waiting for the end of the controller", (signal) => untilUncontrolled(root, signal));
  const { state } = await cityStatus(root, env, log);
  const left = state.agents.filter(({ phase }) => phase === "running" || phase === "starting");
  if (left.length > 0) {
    const names = left.map(({ agent }) => agent).join(", ");
    throw new ProblemError({
      code: "session-failed",
      reason: `The controller has ended, but these still run: ${names}`,
      action: "See the controller's log for why they did not stop",
    });
  }
  stdout.write("The city has stopped.\n");
  return 0;
}

async function ask(root: string, verb: "poke" | "reload" | "stop"): Promise<void> {
  const reply = await askController(root, verb);
  if (reply === "ok") return;
  throw new ProblemError({
    code: "unsupported",
    reason:
      reply === undefined
        ? `No controller of the city in ${root} runs on this machine`
        : `The controller of the city in ${root} does not know ${verb}`,
    action: reply === undefined ? "Start one with gascity controller run" : "Use the program that started it",
  });
}

function requireCity(root: string): void {
  if (existsSync(join(root, "city.toml"))) return;
  throw new ProblemError({
    code: "unsupported",
    reason: `There is no city.toml in ${root}`,
    action: "Name the folder of a city, or make one with gascity init",
  });
}

/** Whether this process runs in a pod that may speak to its cluster. */
function isInCluster(env: ProcessIo["env"]): boolean {
  const account = "/var/run/secrets/kubernetes.io/serviceaccount";
  return (
    Boolean(env["KUBERNETES_SERVICE_HOST"]) && ["token", "ca.crt"].every((file) => existsSync(join(account, file)))
  );
}
