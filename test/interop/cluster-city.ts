import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { expect, vi } from "vitest";
import { shellJoin } from "../../src/lib/shell-quote.ts";
import type { CityState } from "../../src/runtime/city-state.ts";
import { type TestNamespace, createNamespace } from "../cluster/namespace.ts";
import { ControllerProcess } from "../controller-process.ts";
import { runGascity } from "../run-gascity.ts";
import { gcEnvironment, requiredGc } from "./gc.ts";
import { podVariables } from "./gc-city.ts";
import { SharedCity } from "./shared-city.ts";

/** gc starts one pod after another, and looks into each with a call of its own. */
export const patience = { timeout: 60_000, interval: 200 };

/** One on the test cluster, in a namespace of its own. */
export class ClusterCity extends SharedCity {
  readonly namespace: TestNamespace;

  private constructor(namespace: TestNamespace) {
    super(mkdtempSync(join(tmpdir(), "gascity-shared-")), 'provider = "k8s"', podVariables(namespace));
    this.namespace = namespace;
    this.own.use(namespace);
    this.own.defer(() => rmSync(this.root, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
  }

  static async make(): Promise<ClusterCity> {
    const namespace = await createNamespace();
    vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
    return new ClusterCity(namespace);
  }

  /** gc counts its own .gc/settings.json among what sessions are started from, and first writes it while it starts the first of them. */
  async letGcWriteItsFiles(): Promise<void> {
    await this.gc("suspend");
    const controller = await this.startGc();
    await controller.kill();
    await this.gc("resume");
  }

  /** Runs `gascity controller run` in it, until killed. */
  run(): ControllerProcess {
    return this.own.use(new ControllerProcess(this.root, this.env));
  }

  /** Runs gc in it at a terminal, until it ends or the city does; what is written to its input is typed. */
  gcAtTerminal(...args: readonly string[]): ChildProcessByStdio<Writable, null, null> {
    const command = shellJoin([requiredGc(), ...args, "--city", this.root]);
    const child = spawn("script", ["-qec", command, "/dev/null"], {
      env: { ...gcEnvironment(this.root), ...podVariables(this.namespace), TERM: "xterm" },
      cwd: this.root,
      stdio: ["pipe", "ignore", "ignore"],
    });
    this.own.defer(() => void child.kill());
    return child;
  }

  /** The pods that are to stay, by name with their UIDs: another run of a session has another one. */
  async pods(): Promise<Readonly<Record<string, string>>> {
    const { core, name: namespace } = this.namespace;
    const { items } = await core.listNamespacedPod({ namespace, labelSelector: "app=gc-agent" });
    const there = items.flatMap(({ metadata }) => (metadata && !metadata.deletionTimestamp ? [metadata] : []));
    return Object.fromEntries(there.map(({ name = "", uid = "" }) => [name, uid]));
  }

  /** Waits until these, as people call them, and no others are recorded as running, each with a pod. */
  untilRunning(aliases: readonly string[]): Promise<void> {
    return vi.waitFor(async () => {
      const running = Object.entries(this.records()).filter(
        ([, { state = "", state_reason: reason }]) =>
          reason === "creation_complete" && /^(?:active|awake)$/u.test(state),
      );
      expect(running.map(([, { alias = "" }]) => alias).sort()).toEqual(aliases);
      expect(Object.keys(await this.pods()).sort()).toEqual(running.map(([name]) => name).sort());
    }, patience);
  }

  async deletePod(name: string): Promise<void> {
    await this.namespace.core.deleteNamespacedPod({ name, namespace: this.namespace.name, gracePeriodSeconds: 0 });
  }

  /** What `gascity controller status` shows of each agent: its phase, by what people call it. */
  async rows(): Promise<Readonly<Record<string, string>>> {
    const { stdout } = await runGascity(["controller", "status", "--json", this.root], { env: this.env });
    const { agents } = JSON.parse(stdout) as CityState;
    return Object.fromEntries(agents.map(({ agent, phase }) => [agent, phase]));
  }
}
