import { basename } from "node:path";
import { text } from "node:stream/consumers";
import type { ProviderChoice } from "../city/city.ts";
import { kubernetesSettings } from "../city/kubernetes-settings.ts";
import type { Log } from "../lib/log.ts";
import { ProblemError, problemOf } from "../lib/problem.ts";
import { openSessionProvider } from "../runtime/providers.ts";
import { withoutHostVariables } from "../sessions/exec/host-variables.ts";
import type { SessionProvider } from "../sessions/session-provider.ts";
import { attachHere } from "./attach-here.ts";
import { parseArguments, unusable } from "./arguments.ts";
import type { ProcessIo } from "./process-io.ts";
import { untilInterrupted } from "./until-interrupted.ts";

const usage = `Usage: gascity session [--provider k8s|tmux] [--socket NAME] OPERATION [NAME] [ARGUMENT]

A session provider in gc's exec protocol. Operations:
  start NAME         starts a session; reads its configuration as JSON from standard input
  stop NAME          ends it and waits until it is gone; one that does not exist is stopped
  interrupt NAME     sends Ctrl-C
  is-running NAME    prints true or false
  is-attached NAME   the same, of terminals that show it
  process-alive NAME the same, of programs that standard input names, one a line
  attach NAME        connects this terminal with it
  nudge NAME         types what standard input holds, and Enter
  send-keys NAME KEY...  presses keys, as tmux names them
  peek NAME [LINES]  prints its last lines, 50 by default, and its screen; 0 means all
  clear-scrollback NAME  forgets all lines but the screen
  get-last-activity NAME prints when it was last active
  set-meta NAME KEY  notes what standard input holds
  get-meta NAME KEY  prints a note
  remove-meta NAME KEY   takes a note away
  copy-to NAME FROM [TO] copies a file or what is in a folder into its work space
  list-running [PREFIX]  prints the names of the sessions that run
  check-image IMAGE  ends with 0 if sessions can run in it, 1 if not; with 2 if that was not known soon, or they need none

Without --provider it is k8s when GC_SESSION says so or GC_K8S_IMAGE is set, else tmux. GC_K8S_* say which cluster,
namespace and image; --socket is the name for tmux -L, by default that of the folder in GC_CITY.
`;

const options = { provider: { type: "string" }, socket: { type: "string" }, help: { type: "boolean" } } as const;

/** gc ends a start after two minutes, anything else after 30 s (gascity-spec §7.3); a person has no such limit. */
const patience = 10 * 60_000;

/** The verb `session`; its exit code is 2 for an unknown operation, which gc takes for success. */
export const sessionVerb = { usage, run: session };

async function session(args: readonly string[], io: ProcessIo, log: Log): Promise<number> {
  const { values, positionals } = parseArguments("session", args, options);
  if (values.help) {
    io.stdout.write(usage);
    return 0;
  }
  const [operation = "", name = "", ...rest] = positionals;
  if (operation === "") throw unusable("session", "gascity session needs an operation");
  const run = operations.get(operation);
  if (!run) return unknownOperation;
  if (name === "" && operation !== "list-running") {
    const what = operation === "check-image" ? "an image" : "a session";
    throw unusable("session", `gascity session ${operation} needs the name of ${what}`);
  }
  const choice = chooseProvider(values, io.env);
  const provider = await openSessionProvider(choice, log);
  try {
    return (await run({ provider, runsHere: choice.kind === "tmux", name, rest, io })) ?? 0;
  } finally {
    provider.dispose();
  }
}

/** gc takes this exit code for success (gascity-spec §7.3). */
const unknownOperation = 2;

interface Call {
  readonly provider: SessionProvider;
  /** Whether its sessions run on this machine. */
  readonly runsHere: boolean;
  readonly name: string;
  /** What stands after the name. */
  readonly rest: readonly string[];
  readonly io: ProcessIo;
}
type Operation = (call: Call) => Promise<number | undefined | void>;

const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["start", start],
  ["stop", ({ provider, name }) => withPatience("stop", name, (signal) => provider.stop(name, signal))],
  ["interrupt", ({ provider, name }) => ifRunning(() => provider.interrupt(name))],
  ["is-running", printRunning],
  ["is-attached", async ({ provider, name, io }) => print(io, await ifRunning(() => provider.isAttached(name), false))],
  ["process-alive", processAlive],
  ["attach", attach],
  [
    "nudge",
    async ({ provider, name, io }) => {
      const words = await text(io.stdin);
      await ifRunning(() => provider.nudge(name, words));
    },
  ],
  ["send-keys", ({ provider, name, rest }) => ifRunning(() => provider.sendKeys(name, rest))],
  ["peek", peek],
  ["clear-scrollback", ({ provider, name }) => ifRunning(() => provider.clearScrollback(name))],
  ["get-last-activity", lastActivity],
  [
    "set-meta",
    async ({ provider, name, rest: [key = ""], io }) => {
      const value = (await text(io.stdin)).replace(/\n+$/u, "");
      await ifRunning(() => provider.setMeta(name, key, value));
    },
  ],
  [
    "get-meta",
    async ({ provider, name, rest: [key = ""], io }) =>
      void io.stdout.write((await ifRunning(() => provider.getMeta(name, key))) ?? ""),
  ],
  ["remove-meta", ({ provider, name, rest: [key = ""] }) => ifRunning(() => provider.removeMeta(name, key))],
  [
    "copy-to",
    ({ provider, name, rest: [source = "", place = ""] }) => ifRunning(() => provider.copyTo(name, source, place)),
  ],
  ["list-running", listRunning],
  ["check-image", checkImage],
]);

async function start({ provider, runsHere, name, io }: Call): Promise<void> {
  // Only here: what reads it takes longer to load than all else.
  const { parseStartMessage } = await import("../sessions/exec/start-message.ts");
  const message = parseStartMessage(await text(io.stdin));
  const config = runsHere ? message : { ...message, env: withoutHostVariables(message.env, io.env) };
  try {
    await withPatience("start", name, (signal) => provider.start(name, config, signal));
  } catch (error) {
    const problem = problemOf(error);
    if (problem.code !== "session-exists") throw error;
    // gc looks for these very words.
    throw new ProblemError({ ...problem, reason: `session "${name}" already exists: ${problem.reason}` });
  }
}

/** gc's providers let nearly everything pass when there is no session (k8s-wire §3.1). */
async function ifRunning<T>(action: () => Promise<T>): Promise<T | undefined>;
async function ifRunning<T>(action: () => Promise<T>, otherwise: T): Promise<T>;
async function ifRunning<T>(action: () => Promise<T>, otherwise?: T): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (problemOf(error).code !== "session-missing") throw error;
    return otherwise;
  }
}

function print({ stdout }: ProcessIo, answer: boolean | string): void {
  stdout.write(`${answer}\n`);
}

async function printRunning({ provider, name, io }: Call): Promise<void> {
  const sessions = await provider.list();
  print(
    io,
    sessions.some((status) => status.name === name && status.state === "running"),
  );
}

async function processAlive({ provider, name, io }: Call): Promise<void> {
  const programs = (await text(io.stdin)).split("\n").filter((program) => program !== "");
  print(io, await provider.processAlive(name, programs));
}

async function lastActivity({ provider, name, io }: Call): Promise<void> {
  const time = await ifRunning(() => provider.lastActivity(name));
  if (time !== undefined) print(io, new Date(time).toISOString().replace(/\.\d+Z$/u, "Z"));
}

async function attach({ provider, name }: Call): Promise<number> {
  return attachHere(await provider.attach(name));
}

async function peek({ provider, name, rest: [lines = "50"], io }: Call): Promise<void> {
  io.stdout.write(await ifRunning(() => provider.peek(name, Math.max(0, Number(lines) || 0)), ""));
}

async function listRunning({ provider, name: prefix, io }: Call): Promise<void> {
  const running = (await provider.list()).filter(({ name, state }) => state === "running" && name.startsWith(prefix));
  for (const { name } of running) io.stdout.write(`${name}\n`);
}

/** What is not known must not keep gc from starting a city, as it would with an exit code of 1. */
async function checkImage({ provider, name: image, io }: Call): Promise<number> {
  const { checkImage: check } = provider;
  if (!check) return unknownOperation;
  try {
    await untilInterrupted(`The check of ${image}`, (signal) => check.call(provider, image, signal));
    return 0;
  } catch (error) {
    const { code, reason } = problemOf(error);
    if (code !== "timed-out") throw error;
    io.stderr.write(`${reason}.\n`);
    return unknownOperation;
  }
}

function chooseProvider(
  values: { readonly provider?: string; readonly socket?: string },
  env: ProcessIo["env"],
): ProviderChoice {
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

/** Gives `action` up when this program is interrupted or its patience ends, so that nothing half done is left behind. */
async function withPatience(
  operation: string,
  name: string,
  action: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const what = `The ${operation} of ${name}`;
  const reason = `${what} took longer than ${patience / 60_000} minutes`;
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new ProblemError({ code: "timed-out", reason, action: "Try again" })),
    patience,
  );
  try {
    await untilInterrupted(what, (interrupted) => action(AbortSignal.any([interrupted, late.signal])));
  } finally {
    clearTimeout(timer);
  }
}
