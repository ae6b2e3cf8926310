import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { vi } from "vitest";
import type { City, CitySession } from "../../src/city/city.ts";
import { diskFiles } from "../../src/city/files/disk-files.ts";
import { loadCity } from "../../src/city/load-city.ts";
import type { TestNamespace } from "../cluster/namespace.ts";
import { type ProcessGroup, startProcessGroup } from "../machine/process-group.ts";
import { type GcResult, gcEnvironment, requiredGc, runGc } from "./gc.ts";
import { writeCity } from "./write-city.ts";

/** A city on the test cluster, and gc for it. Disposing it ends gc's controllers and removes its folder. */
export interface GcCity extends AsyncDisposable {
  readonly root: string;
  /** Runs gc in it. */
  gc(...args: readonly string[]): Promise<GcResult>;
  /** Runs gc's controller until this is disposed; resolves when it has begun its work, fails with its words if it ends. */
  startController(): Promise<void>;
  /** What gc's controller has printed. */
  log(): string;
  /** Resolves when gc's controller has started sessions this many times. */
  untilStarted(times: number): Promise<void>;
  /** The same city as we read it. */
  load(): City;
}

/** What the one agent of these cities says of what it hears, so that both sides see what was typed. */
export const heardBack = (text: string): string => `heard ${text}`;
// gc leaves the pod of an agent behind that ends by its interrupt; this one does not.
const agentCommand = `sh -c 'trap "" INT; echo ready; while read -r line; do echo "heard $line"; done'`;

/** What has gc, and us, run sessions in the namespace. */
export function podVariables(namespace: TestNamespace): NodeJS.ProcessEnv {
  return {
    KUBECONFIG: namespace.kubeconfig,
    GC_K8S_NAMESPACE: namespace.name,
    GC_K8S_IMAGE: namespace.image,
    GC_K8S_CPU_REQUEST: "10m",
    GC_K8S_MEM_REQUEST: "16Mi",
  };
}

/**
 * A city with its beads in a file and one agent, `talker`, that always runs, by this session provider. `agentKeys` are
 * more of the agent's keys.
 */
export function makeGcCity(namespace: TestNamespace, provider: string, agentKeys = ""): GcCity {
  const root = mkdtempSync(join(tmpdir(), "gascity-interop-"));
  writeCity(root, {
    "city.toml": `[workspace]
name = "demo"
[session]
provider = "${provider}"
[beads]
provider = "file"
[daemon]
patrol_interval = "1s"
[[agent]]
name = "talker"
start_command = '''${agentCommand}'''
${agentKeys}
[[named_session]]
template = "talker"
mode = "always"
`,
    "pack.toml": '[pack]\nname = "demo"\nschema = 2\n',
    // gc starts in no folder that lacks what gc init makes.
    ".gc/settings.json": "{}\n",
  });
  const variables = {
    ...gcEnvironment(root),
    // gc's orders call gc.
    PATH: `${dirname(requiredGc())}${delimiter}${process.env["PATH"]}`,
    ...podVariables(namespace),
  };
  const logFile = join(root, ".home", "controller.log");
  const log = (): string => readFileSync(logFile, "utf8");
  const controllers: ProcessGroup[] = [];
  return {
    root,
    log,
    async untilStarted(times) {
      const starts = () => log().match(/op=start .*outcome=success/gu)?.length ?? 0;
      await vi.waitUntil(() => starts() >= times, { timeout: 40_000, interval: 100 });
    },
    gc: (...args) => runGc(root, args, variables),
    async startController() {
      const options = { env: variables, cwd: root, logFile };
      const controller = await startProcessGroup(requiredGc(), ["start", "--foreground", root], options);
      controllers.push(controller);
      const begun = vi.waitUntil(() => log().includes("City started."), { timeout: 40_000, interval: 100 });
      const ended = controller.ended.then((code) => Promise.reject(new Error(`gc ended with ${code}: ${log()}`)));
      await Promise.race([begun, ended]);
      ended.catch(() => undefined);
    },
    load() {
      const { city, diagnostics } = loadCity({ root, files: diskFiles, env: variables });
      if (!city) throw new Error(JSON.stringify(diagnostics));
      return city;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(controllers.map((controller) => controller[Symbol.asyncDispose]()));
      rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    },
  };
}

/** A session of the city as we plan it, beside those of gc's own packs. */
export function planned(city: GcCity, name: string): CitySession {
  const session = city.load().sessions.find((candidate) => candidate.name === name);
  if (!session) throw new Error(`the city has no session ${name}`);
  return session;
}
