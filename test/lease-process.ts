import { type ChildProcessByStdio, spawn } from "node:child_process";
import { argv, env, execPath } from "node:process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { CityLease, type LeaseNews } from "../src/controller/control/city-lease.ts";
import { newIdentity } from "../src/controller/control/lease-holder.ts";
import { openConnection } from "../src/kubernetes/connection.ts";
import { silentLog } from "../src/lib/log.ts";

/** What a contender hears of its lease, whenever the answer to "may I act?" has changed, and the first one after it was stopped. */
type Said = { readonly kind: "acts" | "woke"; readonly acts: boolean } | LeaseNews;

/** A process of its own that contends for a city's lease, to be stopped and killed. It is killed when disposed. */
export class LeaseProcess implements Disposable {
  readonly said: Said[] = [];
  readonly #child: ChildProcessByStdio<null, Readable, null>;

  /** KUBECONFIG is the cluster. */
  constructor(namespace: string, city: string) {
    const program = [import.meta.filename, namespace, city];
    this.#child = spawn(execPath, program, { env, stdio: ["ignore", "pipe", "inherit"] });
    createInterface(this.#child.stdout).on("line", (line) => this.said.push(JSON.parse(line) as Said));
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  [Symbol.dispose](): void {
    this.kill("SIGKILL");
  }
}

if (import.meta.main) {
  const [, , namespace = "", city = ""] = argv;
  const connection = openConnection();
  const lease = new CityLease({ connection, namespace, city, identity: newIdentity("headless"), log: silentLog });
  const tell = (said: Said): void => void process.stdout.write(`${JSON.stringify(said)}\n`);
  let acts = false;
  let lastLook = performance.now();
  const look = (): void => {
    if (performance.now() - lastLook > 5000) tell({ kind: "woke", acts: lease.mayAct() });
    lastLook = performance.now();
    if (lease.mayAct() === acts) return;
    acts = !acts;
    tell({ kind: "acts", acts });
  };
  lease.onNews((news) => {
    tell(news);
    look();
  });
  setInterval(look, 20);
  lease.contend();
}
