import { spawn } from "node:child_process";
import { memoryUsage } from "node:process";
import type { SessionProvider } from "../../../src/sessions/session-provider.ts";
import { type Times, measure, measureInTurn, timeOf } from "../measure.ts";

const size = { columns: 100, rows: 30 };
/** In bytes. */
const flood = 100_000_000;
const flooding = 100_000;
const prompt = "prompt-7> ";

/** A terminal on an agent, ours or kubectl's. */
interface Terminal {
  write(text: string): void;
  /** Resolves when the screen has been told this text, counted from the call. */
  until(text: string): Promise<void>;
  /** Resolves when so many bytes have come, counted from the call. */
  untilMore(bytes: number): Promise<void>;
  /** How many bytes came. */
  readonly received: () => number;
  close(): void;
}

/** How long all of it took, in milliseconds, and how many bytes came. */
interface Flood {
  readonly time: number;
  readonly received: number;
}

/**
 * Measures two terminals in turn: one through the provider and one through `kubectl exec -it`, each on a session of its
 * own, whose agent is a shell.
 */
export async function measureAttach(
  provider: SessionProvider,
  sessions: readonly [string, string],
  namespace: string,
): Promise<void> {
  const ours = await attach(provider, sessions[0]);
  const theirs = kubectl(sessions[1], namespace);
  try {
    await Promise.all([askForPrompt(ours), askForPrompt(theirs)]);
    const keys = await measureInTurn(200, { ours: pressKeys(ours), theirs: pressKeys(theirs) });
    await Promise.all([clearLine(ours), clearLine(theirs)]);
    // V8 touches up to 40 MB of its young generation once, whatever the terminals carry.
    for (const terminal of [ours, theirs]) await measureFlood(terminal);
    const memory = new MemoryGrowth();
    const floods = { ours: [] as Flood[], theirs: [] as Flood[] };
    for (let round = 0; round < 3; round++) {
      floods.ours.push(await memory.during(() => measureFlood(ours)));
      floods.theirs.push(await measureFlood(theirs));
    }
    const interrupts = {
      ours: await memory.during(() => measureInterrupt(ours)),
      theirs: await measureInterrupt(theirs),
    };
    console.log(`\n${"".padEnd(36)}${["gascity", "kubectl", "ratio"].map((head) => head.padStart(13)).join("")}`);
    line("echo of a key, p50", "ms", keys.ours.median, keys.theirs.median);
    line("echo of a key, p95", "ms", keys.ours.p95, keys.theirs.p95);
    const best = (all: readonly Flood[]): Flood => all.reduce((one, other) => (one.time < other.time ? one : other));
    line("an agent's 100 MB, the best of three", "s", best(floods.ours).time / 1000, best(floods.theirs).time / 1000);
    line("of which the terminal got", "MB", best(floods.ours).received / 1e6, best(floods.theirs).received / 1e6);
    line("Ctrl-C in a flood, p50", "ms", interrupts.ours.median, interrupts.theirs.median);
    line("Ctrl-C in a flood, p95", "ms", interrupts.ours.p95, interrupts.theirs.p95);
    console.log(
      `${"growth of memory in all of that".padEnd(36)}${`${(memory.most / 1e6).toFixed(1)} MB`.padStart(13)}`,
    );
  } finally {
    ours.close();
    theirs.close();
  }
}

function line(name: string, unit: string, ours: number, theirs: number): void {
  const cells = [`${ours.toFixed(2)} ${unit}`, `${theirs.toFixed(2)} ${unit}`, (ours / theirs).toFixed(2)];
  console.log(`${name.padEnd(36)}${cells.map((cell) => cell.padStart(13)).join("")}`);
}

function askForPrompt(terminal: Terminal): Promise<void> {
  terminal.write(`PS1='${prompt.slice(0, 3)}''${prompt.slice(3)}'\r`);
  return terminal.until(prompt);
}

/** Each call presses another key and waits until it is shown. */
function pressKeys(terminal: Terminal): () => Promise<void> {
  let pressed = 0;
  return () => {
    const character = String.fromCodePoint(97 + (pressed++ % 26));
    const seen = terminal.until(character);
    terminal.write(character);
    return seen;
  };
}

function clearLine(terminal: Terminal): Promise<void> {
  terminal.write("\u0003");
  return terminal.until(prompt);
}

async function measureFlood(terminal: Terminal): Promise<Flood> {
  const before = terminal.received();
  const time = await timeOf(() => {
    terminal.write(`yes 0123456789abcdefghijklmnopqrstuvwxyz | head -c ${flood}; echo do''ne\r`);
    return terminal.until("done");
  });
  return { time, received: terminal.received() - before };
}

function measureInterrupt(terminal: Terminal): Promise<Times> {
  return measure(
    10,
    async () => {
      terminal.write("yes 0123456789abcdefghijklmnopqrstuvwxyz\r");
      await terminal.untilMore(flooding);
    },
    () => clearLine(terminal),
  );
}

async function attach(provider: SessionProvider, session: string): Promise<Terminal> {
  const target = await provider.attach(session);
  if (target.kind !== "stream") throw new Error("a pod's terminal is a stream");
  const attachment = await target.open(size, AbortSignal.timeout(20_000));
  const output = new Output();
  attachment.onData((bytes) => output.take(bytes));
  return {
    write: (text) => attachment.write(text),
    until: (text) => output.until(text),
    untilMore: (bytes) => output.untilMore(bytes),
    received: () => output.received,
    close: () => attachment.dispose(),
  };
}

/** In a terminal that `script` makes, as a person's. */
function kubectl(session: string, namespace: string): Terminal {
  const exec = `kubectl exec -n ${namespace} -it ${session} -c agent -- env TERM=xterm-256color tmux -u attach -t main`;
  const command = `stty rows ${size.rows} cols ${size.columns}; exec ${exec}`;
  const child = spawn("script", ["-qfec", command, "/dev/null"], { stdio: ["pipe", "pipe", "ignore"] });
  const output = new Output();
  child.stdout.on("data", (bytes: Buffer) => output.take(bytes));
  return {
    write: (text) => void child.stdin.write(text),
    until: (text) => output.until(text),
    untilMore: (bytes) => output.untilMore(bytes),
    received: () => output.received,
    close: () => child.stdin.end("\u0002d"),
  };
}

/** What came, and who waits for what in it. */
class Output {
  received = 0;
  #waiting: { seen: string; readonly enough: (seen: string) => boolean; readonly resolve: () => void } | undefined;

  take(bytes: Uint8Array): void {
    this.received += bytes.length;
    const waiting = this.#waiting;
    if (!waiting) return;
    // Longer than what is waited for.
    waiting.seen = waiting.seen.slice(-100) + Buffer.from(bytes).toString("latin1");
    if (!waiting.enough(waiting.seen)) return;
    this.#waiting = undefined;
    waiting.resolve();
  }

  until(text: string): Promise<void> {
    return this.#until((seen) => seen.includes(text));
  }

  untilMore(bytes: number): Promise<void> {
    const enough = this.received + bytes;
    return this.#until(() => this.received >= enough);
  }

  #until(enough: (seen: string) => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting = { seen: "", enough, resolve };
    return promise;
  }
}

/**
 * By how many bytes this process, once it is warm, has grown at most while it worked; what comes of kubectl passes through
 * it, too, and is not ours.
 */
class MemoryGrowth {
  readonly #before = memoryUsage.rss();
  most = 0;

  async during<T>(work: () => Promise<T>): Promise<T> {
    const note = (): void => void (this.most = Math.max(this.most, memoryUsage.rss() - this.#before));
    const timer = setInterval(note, 20);
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }
}
