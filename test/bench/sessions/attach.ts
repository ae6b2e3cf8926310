import { spawn } from "node:child_process";
import { memoryUsage } from "node:process";
import type { SessionProvider } from "../../../src/sessions/session-provider.ts";
import { type Times, measure } from "../measure.ts";

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

/** Of one way to attach; times in milliseconds, memory in bytes. */
interface Measured {
  readonly key: Times;
  readonly flood: number;
  readonly received: number;
  readonly growth: number;
  readonly interrupt: Times;
}

/** Measures a terminal on the session, whose agent is a shell, through the provider and through `kubectl exec -it`. */
export async function measureAttach(provider: SessionProvider, session: string, namespace: string): Promise<void> {
  const ours = await measureTerminal(await attach(provider, session));
  const theirs = await measureTerminal(kubectl(session, namespace)).catch(() => undefined);
  console.log(`\n${"".padEnd(36)}${["gascity", "kubectl", "ratio"].map((head) => head.padStart(13)).join("")}`);
  const line = (name: string, unit: string, pick: (measured: Measured) => number): void => {
    const [one, other] = [pick(ours), theirs && pick(theirs)];
    const cells = [`${one.toFixed(1)} ${unit}`, other === undefined ? "" : `${other.toFixed(1)} ${unit}`];
    cells.push(other === undefined ? "" : (one / other).toFixed(2));
    console.log(`${name.padEnd(36)}${cells.map((cell) => cell.padStart(13)).join("")}`);
  };
  line("echo of a key, p50", "ms", ({ key }) => key.median);
  line("echo of a key, p95", "ms", ({ key }) => key.p95);
  line("an agent's 100 MB of output", "s", (measured) => measured.flood / 1000);
  line("of which the terminal got", "MB", ({ received }) => received / 1e6);
  line("Ctrl-C in a flood, p50", "ms", ({ interrupt }) => interrupt.median);
  line("Ctrl-C in a flood, p95", "ms", ({ interrupt }) => interrupt.p95);
  console.log(`${"growth of memory in all of that".padEnd(36)}${`${(ours.growth / 1e6).toFixed(1)} MB`.padStart(13)}`);
}

async function measureTerminal(terminal: Terminal): Promise<Measured> {
  try {
    terminal.write(`PS1='${prompt.slice(0, 3)}''${prompt.slice(3)}'\r`);
    await terminal.until(prompt);
    const key = await measure(
      200,
      (index) => String.fromCodePoint(97 + (index % 26)),
      (character) => {
        const seen = terminal.until(character);
        terminal.write(character);
        return seen;
      },
    );
    terminal.write("\u0003");
    await terminal.until(prompt);
    const memory = watchMemory();
    const before = terminal.received();
    const start = performance.now();
    terminal.write(`yes 0123456789abcdefghijklmnopqrstuvwxyz | head -c ${flood}; echo do''ne\r`);
    await terminal.until("done");
    const flooded = performance.now() - start;
    const received = terminal.received() - before;
    const interrupt = await measure(
      10,
      async () => {
        terminal.write("yes 0123456789abcdefghijklmnopqrstuvwxyz\r");
        await terminal.untilMore(flooding);
      },
      () => {
        const seen = terminal.until(prompt);
        terminal.write("\u0003");
        return seen;
      },
    );
    return { key, flood: flooded, received, growth: memory(), interrupt };
  } finally {
    terminal.close();
  }
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

/** The returned function tells by how many bytes this process has grown at most since. */
function watchMemory(): () => number {
  const before = memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, memoryUsage.rss())), 20);
  return () => {
    clearInterval(timer);
    return most - before;
  };
}
