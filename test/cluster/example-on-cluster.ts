import { kubernetesSettings } from "../../src/city/kubernetes-settings.ts";
import type { City } from "../../src/city/city.ts";
import type { PodOptions } from "../../src/city/pod-options.ts";
import { silentLog } from "../../src/lib/log.ts";
import { openKubernetesSessions } from "../../src/sessions/kubernetes/kubernetes-session-provider.ts";
import type { SessionProvider } from "../../src/sessions/session-provider.ts";
import { DocsExample } from "../docs-example.ts";
import { runInPod } from "./in-pod.ts";
import type { TestNamespace } from "./namespace.ts";

const soon = (): AbortSignal => AbortSignal.timeout(45_000);

/** A city of the documentation in a test's namespace, with the test's image. KUBECONFIG leads to the cluster. */
export class ExampleOnCluster implements Disposable {
  readonly files: DocsExample;
  readonly #namespace: TestNamespace;
  readonly #city: City;
  readonly #provider: SessionProvider;

  constructor(namespace: TestNamespace, name: string) {
    this.files = new DocsExample(name);
    this.#namespace = namespace;
    const { city, diagnostics } = this.files.load();
    if (city?.provider.kind !== "k8s") throw new Error(`The example ${name}: ${JSON.stringify(diagnostics)}`);
    this.#city = city;
    const place = { namespace: namespace.name, image: namespace.image, cpu_request: "10m", mem_request: "16Mi" };
    this.#provider = openKubernetesSessions({ settings: kubernetesSettings(place, {}), log: silentLog });
  }

  /** Starts a session as the city has it, but for some of its pod. */
  async start(session: string, pod: PodOptions = {}, signal = soon()): Promise<void> {
    const config = this.#city.sessions.find(({ name }) => name === session)?.config;
    if (!config) throw new Error(`The example has no session ${session}`);
    await this.#provider.start(session, { ...config, pod: { ...config.pod, ...pod } }, signal);
  }

  stop(session: string): Promise<void> {
    return this.#provider.stop(session, soon());
  }

  nudge(session: string, text: string): Promise<void> {
    return this.#provider.nudge(session, text);
  }

  screen(session: string): Promise<string> {
    return this.#provider.peek(session, 0);
  }

  /** What a shell command prints in a pod, both streams, without the last line's end. */
  async inPod(pod: string, command: string): Promise<string> {
    return (await runInPod(this.#namespace, pod, `{ ${command}; } 2>&1`)).trimEnd();
  }

  [Symbol.dispose](): void {
    this.#provider.dispose();
    this.files[Symbol.dispose]();
  }
}
