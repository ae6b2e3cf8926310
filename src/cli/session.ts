import { basename } from "node:path";
import process, { env, stdin, stdout } from "node:process";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import type { ProviderChoice } from "../city/city.ts";
import { kubernetesSettings } from "../city/kubernetes-settings.ts";
import type { Log } from "../lib/log.ts";
import { type ProblemCode, ProblemError, problemOf } from "../lib/problem.ts";
import { openSessionProvider } from "../runtime/providers.ts";
import type { SessionProvider } from "../sessions/session-provider.ts";
import { attachHere } from "./attach-here.ts";
import { parseStartMessage } from "./start-message.ts";

export const sessionUsage = `Usage: gascity session [--provider k8s|tmux] [--socket NAME] OPERATION [NAME] [ARGUMENT]

A session provider in gc's exec protocol. Operations:
  start NAME         starts a session; reads its configuration as JSON from standard input
  stop NAME          ends it and waits until it is gone; one that does not exist is stopped
  interrupt NAME     sends Ctrl-C
  is-running NAME    prints true or false
  process-alive NAME the same
  attach NAME        connects this terminal with it
  nudge NAME         types what standard input holds, and Enter
  peek NAME LINES    prints its last lines and its screen; 0 means all
  list-running [PREFIX]  prints the names of the sessions that run

Without --provider it is k8s when GC_SESSION says so or GC_K8S_IMAGE is set, else tmux. GC_K8S_* say which cluster,
namespace and image; --socket is the name for tmux -L, by default that of the folder in GC_CITY.
`;

/** gc ends a start after two minutes, anything else after 30 s (gascity-spec §7.3); a person has no such limit. */
const patience = 10 * 60_000;

/** The verb `session`. Resolves with the exit code: 0 done, 2 unknown operation, which gc takes for success. */
export async function session(args: readonly string[], log: Log): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    stdout.write(sessionUsage);
    return 0;
  }
  const [operation = "", name = "", argument = ""] = positionals;
  if (operation === "") throw unusable("gascity session needs an operation");
  const run = operations.get(operation);
  if (!run) return 2;
  if (name === "" && operation !== "list-running") {
    throw unusable(`gascity session ${operation} needs the name of a session`);
  }
  const provider = await openSessionProvider(chooseProvider(values), log);
  try {
    return (await run(provider, name, argument)) ?? 0;
  } finally {
    provider.dispose();
  }
}

type Operation = (provider: SessionProvider, name: string, argument: string) => Promise<number | void>;

const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["start", async (provider, name) => start(provider, name, await text(stdin))],
  ["stop", (provider, name) => provider.stop(name, givenUp("stop", name))],
  ["interrupt", (provider, name) => ifRunning(provider.interrupt(name))],
  ["is-running", printRunning],
  // The port does not look at processes: a living pane is a living agent.
  ["process-alive", printRunning],
  ["attach", async (provider, name) => attachHere(await provider.attach(name))],
  ["nudge", async (provider, name) => ifRunning(provider.nudge(name, await text(stdin)))],
  ["peek", async (provider, name, lines) => void stdout.write(await provider.peek(name, Number(lines) || 0))],
  ["list-running", listRunning],
]);

async function start(provider: SessionProvider, name: string, message: string): Promise<void> {
  try {
    await provider.start(name, parseStartMessage(message), givenUp("start", name));
  } catch (error) {
    const problem = problemOf(error);
    if (problem.code !== "session-exists") throw error;
    // gc looks for these very words.
    throw new ProblemError({ ...problem, reason: `session "${name}" already exists: ${problem.reason}` });
  }
}

/** gc's providers let these pass when there is no session (k8s-wire §3.1). */
async function ifRunning(done: Promise<void>): Promise<void> {
  try {
    await done;
  } catch (error) {
    if (problemOf(error).code !== "session-missing") throw error;
  }
}

async function printRunning(provider: SessionProvider, name: string): Promise<void> {
  const sessions = await provider.list();
  stdout.write(`${sessions.some((status) => status.name === name && status.state === "running")}\n`);
}

async function listRunning(provider: SessionProvider, prefix: string): Promise<void> {
  const running = (await provider.list()).filter(({ name, state }) => state === "running" && name.startsWith(prefix));
  for (const { name } of running) stdout.write(`${name}\n`);
}

function chooseProvider(values: { readonly provider?: string; readonly socket?: string }): ProviderChoice {
  const wished = values.provider ?? env["GC_SESSION"];
  const kind = wished === "k8s" || wished === "tmux" ? wished : env["GC_K8S_IMAGE"] ? "k8s" : "tmux";
  if (values.provider !== undefined && values.provider !== kind) {
    throw new ProblemError({
      code: "unsupported",
      reason: `There is no provider "${values.provider}"`,
      action: "Use --provider k8s or --provider tmux",
    });
  }
  if (kind === "k8s") return { kind, settings: kubernetesSettings(undefined, env) };
  return { kind, socket: values.socket ?? (basename(env["GC_CITY"] ?? "") || "gascity") };
}

/** Aborts when this program is interrupted or its patience ends, so that a start leaves nothing half done behind. */
function givenUp(operation: string, name: string): AbortSignal {
  const abort = new AbortController();
  const giveUp = (code: ProblemCode, why: string): void =>
    abort.abort(new ProblemError({ code, reason: `The ${operation} of ${name} ${why}`, action: "Try again" }));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => giveUp("session-failed", "was interrupted"));
  setTimeout(() => giveUp("timed-out", `took longer than ${patience / 60_000} minutes`), patience).unref();
  return abort.signal;
}

function parse(args: readonly string[]) {
  const options = { provider: { type: "string" }, socket: { type: "string" }, help: { type: "boolean" } } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw unusable(problemOf(error).reason.replace(/\..*$/su, ""));
  }
}

function unusable(reason: string): ProblemError {
  return new ProblemError({ code: "unsupported", reason, action: "See gascity --help" });
}
