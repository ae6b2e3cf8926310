import { stat } from "node:fs/promises";
import { basename, dirname, posix } from "node:path";
import type { CoreV1Event, V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";
import { setTimeout as delay } from "node:timers/promises";
import { isApiError } from "../../kubernetes/api-error.ts";
import { apiPath, checkedName } from "../../kubernetes/api-path.ts";
import { clusterProblem } from "../../kubernetes/cluster-problem.ts";
import type { ApiCall, KubernetesConnection } from "../../kubernetes/connection.ts";
import { execCommand } from "../../kubernetes/exec-command.ts";
import { type ExecStream, openExec } from "../../kubernetes/exec-stream.ts";
import { Reflector } from "../../kubernetes/reflector.ts";
import { tarOf } from "../../kubernetes/tar-folder.ts";
import { backoffDelay } from "../../lib/backoff.ts";
import type { Disposable } from "../../lib/disposable.ts";
import { ProblemError } from "../../lib/problem.ts";
import type { TerminalSize } from "../session-provider.ts";
import { containerStart } from "./container-start.ts";
import { LastBytes } from "./last-bytes.ts";
import { checkPod, onlyInPod } from "./only-in-pod.ts";
import type { CommandResult, PodCalls, PodRef } from "./pod-calls.ts";
import { tidy } from "./pod-failure.ts";
import { agentContainer } from "./pod-manifest.ts";
import { secretOf } from "./secret-variables.ts";
import { workspace } from "./pod-places.ts";
import type { PodManifest } from "./pod-manifest.ts";
import type { PodProcess } from "./pod-process.ts";
import type { PodTerminalProcess } from "./pod-terminal.ts";
import { type PodView, podView } from "./pod-view.ts";
import type { SessionBoard } from "./session-board.ts";
import type { StagingCopy } from "./staging-plan.ts";

/** gc's grace for the end of a pod, in seconds (k8s-wire §3.1, stop). */
const graceSeconds = 5;
/** Others that write at the same moment are past soon. */
const mostConflicts = 5;
const conflictBackoff = { initial: 50, maximum: 1000, factor: 2, jitter: 1 };
/** In bytes; enough to tell a command that was refused. */
const lastWords = 200;

/**
 * Shell for `sh -c SCRIPT sh FOLDER COMMAND...`: unpacks its input into the folder, then runs the command. A failure is told
 * only once the rest of the archive has been read.
 */
const unpack = `
mkdir -p "$1" && tar -x -o -f - -C "$1" || {
  code=$?
  cat >/dev/null
  echo "gascity: not unpacked $code" >&2
  exit "$code"
}
shift
exec "$@"
`;
const notUnpacked = /^([^]*)gascity: not unpacked (\d+)\s*$/u;

/** The pods of one namespace, on a real cluster. Disposing it closes the connection. */
export class ClusterPodCalls implements PodCalls {
  readonly #connection: KubernetesConnection;
  readonly #namespace: string;
  readonly #pods: readonly string[];

  constructor(connection: KubernetesConnection, namespace: string) {
    this.#connection = connection;
    this.#namespace = checkedName(namespace);
    this.#pods = this.#collection("pods");
  }

  async list(labelSelector: string, signal?: AbortSignal): Promise<readonly PodView[]> {
    const path = apiPath(this.#pods, { labelSelector });
    const { items } = await this.#call<{ items: V1Pod[] }>({ method: "GET", path, signal });
    return items.map((pod) => podView(pod));
  }

  async get(podName: string, signal?: AbortSignal): Promise<PodView | undefined> {
    try {
      return podView(await this.#connection.call<V1Pod>({ method: "GET", path: this.#podPath(podName), signal }));
    } catch (error) {
      if (isApiError(error, 404)) return undefined;
      throw this.#explained(error);
    }
  }

  async create({ pod: manifest, secret, claim }: PodManifest): Promise<PodView | undefined> {
    if (claim) await this.#claim(claim);
    let pod: PodView;
    try {
      pod = podView(await this.#post(manifest));
    } catch (error) {
      if (isApiError(error, 409) && error.reason === "AlreadyExists") return undefined;
      throw this.#explained(error);
    }
    if (Object.keys(secret.values).length === 0) return pod;
    try {
      const path = apiPath(this.#collection("secrets"));
      await this.#connection.call({ method: "POST", path, body: secretOf(secret.name, secret.values, pod) });
      return pod;
    } catch (error) {
      await this.remove(pod).catch(() => undefined);
      throw this.#explained(error);
    }
  }

  /** Tries again when others have written at the same moment: a quota counts one pod after the other. */
  async #post(body: V1Pod): Promise<V1Pod> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await this.#connection.call<V1Pod>({ method: "POST", path: apiPath(this.#pods), body });
      } catch (error) {
        if (!isApiError(error, 409) || error.reason !== "Conflict" || failures === mostConflicts) throw error;
        await delay(backoffDelay(failures, conflictBackoff));
      }
    }
  }

  /** Makes a claim that is not there yet. */
  async #claim(claim: V1PersistentVolumeClaim): Promise<void> {
    try {
      const path = apiPath(this.#collection("persistentvolumeclaims"));
      await this.#connection.call({ method: "POST", path, body: claim });
    } catch (error) {
      if (!isApiError(error, 409)) throw this.#explained(error);
    }
  }

  async remove({ podName, uid }: PodRef, signal?: AbortSignal): Promise<void> {
    const body = { gracePeriodSeconds: graceSeconds, preconditions: { uid } };
    try {
      await this.#connection.call({ method: "DELETE", path: this.#podPath(podName), body, signal });
    } catch (error) {
      // 409: another pod has the name by now, so this one is gone.
      if (!isApiError(error, 404) && !isApiError(error, 409)) throw this.#explained(error);
    }
  }

  async lastWarning(uid: string, signal?: AbortSignal): Promise<string> {
    const path = apiPath(this.#collection("events"), { fieldSelector: `involvedObject.uid=${uid},type=Warning` });
    const { items } = await this.#call<{ items: CoreV1Event[] }>({ method: "GET", path, signal });
    const time = ({ lastTimestamp, metadata }: CoreV1Event): string =>
      String(lastTimestamp ?? metadata.creationTimestamp);
    return items.toSorted((a, b) => (time(a) < time(b) ? -1 : 1)).at(-1)?.message ?? "";
  }

  async lastLogLine(
    podName: string,
    container: string,
    signal: AbortSignal = AbortSignal.timeout(5000),
  ): Promise<string> {
    const path = apiPath([...this.#pods, checkedName(podName), "log"], { container, tailLines: 1, limitBytes: 4096 });
    const { body } = await this.#connection.stream({ method: "GET", path, signal });
    let text = "";
    for await (const chunk of body) text += Buffer.from(chunk).toString("utf8");
    return text.trim();
  }

  async run(
    pod: PodRef,
    container: string,
    argv: readonly string[],
    options: { input?: string | AsyncIterable<Uint8Array>; signal?: AbortSignal; timeout?: number } = {},
  ): Promise<CommandResult> {
    try {
      const target = { namespace: this.#namespace, pod: pod.podName, container };
      const result = await execCommand(this.#connection, target, onlyInPod(pod.uid, argv, "ends"), options);
      checkPod(pod, result);
      return result;
    } catch (error) {
      options.signal?.throwIfAborted();
      throw this.#explained(error);
    }
  }

  async open(pod: PodRef, argv: readonly string[], signal?: AbortSignal): Promise<PodProcess> {
    return this.#process(pod, await this.#exec(pod, argv, false, signal));
  }

  async openTerminal(
    pod: PodRef,
    argv: readonly string[],
    size: TerminalSize,
    signal?: AbortSignal,
  ): Promise<PodTerminalProcess> {
    const stream = await this.#exec(pod, argv, true, signal);
    stream.resize(size);
    return Object.assign(this.#process(pod, stream), { resize: (changed: TerminalSize) => stream.resize(changed) });
  }

  async copy(
    pod: PodRef,
    container: string,
    copy: StagingCopy,
    { command = ["true"], ...options }: { command?: readonly string[]; signal: AbortSignal; timeout?: number },
  ): Promise<CommandResult> {
    const found = await stat(copy.source).catch(() => undefined);
    if (!found) return this.run(pod, container, command, options);
    // A file for the workspace's root keeps its name.
    const place = copy.destination === workspace ? posix.join(workspace, basename(copy.source)) : copy.destination;
    const folder = found.isDirectory() ? copy.destination : posix.dirname(place);
    const archive = found.isDirectory()
      ? tarOf({ folder: copy.source }, { leaveOut: copy.leaveOut })
      : tarOf(
          { folder: dirname(copy.source), entries: [basename(copy.source)] },
          { rename: () => posix.basename(place) },
        );
    const argv = ["sh", "-c", unpack, "sh", folder, ...command];
    const result = await this.run(pod, container, argv, { ...options, input: archive });
    const [, stderr, code] = notUnpacked.exec(result.stderr) ?? [];
    if (code === undefined || result.exitCode !== Number(code)) return result;
    throw new ProblemError({
      code: "session-failed",
      reason: `Copying ${copy.source} into the pod failed: ${tidy(stderr ?? "") || `exit code ${code}`}`,
      action: "Check that the image has tar and that its user may write to /workspace",
    });
  }

  watch(labelSelector: string, board: SessionBoard): Disposable {
    return new Reflector(
      {
        connection: this.#connection,
        collection: this.#pods,
        labelSelector,
        project: (pod: V1Pod) => podView(pod),
      },
      {
        put: (_, pod) => board.put(pod),
        remove: (uid) => board.remove(uid),
        synced: () => board.sync(),
        problem: (problem) => board.report(problem),
      },
    );
  }

  watchStarts(board: SessionBoard): Disposable {
    return new Reflector(
      {
        connection: this.#connection,
        collection: this.#collection("events"),
        fieldSelector: "involvedObject.kind=Pod,reason=Started",
        project: (event: CoreV1Event) => containerStart(event),
      },
      {
        put: (_, start) => start && board.begin(start.uid, start.container),
        remove: () => {},
        synced: () => {},
        problem: () => {},
      },
    );
  }

  dispose(): void {
    this.#connection.dispose();
  }

  async #exec(pod: PodRef, argv: readonly string[], tty: boolean, signal?: AbortSignal): Promise<ExecStream> {
    const target = { namespace: this.#namespace, pod: pod.podName, container: agentContainer };
    const request = { ...target, command: onlyInPod(pod.uid, argv, "stays open"), stdin: true, tty };
    try {
      return await openExec(this.#connection, request, signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#explained(error);
    }
  }

  #process(pod: PodRef, stream: ExecStream): PodProcess {
    const said = new LastBytes(lastWords);
    for (const output of [stream.onStdout, stream.onStderr]) output((chunk) => said.take(chunk));
    const end = this.#endOf(pod, stream, said);
    end.catch(() => {});
    return {
      onOutput: stream.onStdout,
      end,
      write: (data) => void stream.write(data),
      dispose: () => stream.dispose(),
    };
  }

  async #endOf(pod: PodRef, stream: ExecStream, said: LastBytes): Promise<number> {
    try {
      const exitCode = await stream.ended;
      checkPod(pod, { exitCode, stderr: said.text });
      return exitCode;
    } catch (error) {
      throw this.#explained(error);
    }
  }

  #collection(resource: string): readonly string[] {
    return ["api", "v1", "namespaces", this.#namespace, resource];
  }

  #podPath(podName: string): string {
    return apiPath([...this.#pods, checkedName(podName)]);
  }

  async #call<T>(call: ApiCall): Promise<T> {
    try {
      return await this.#connection.call<T>(call);
    } catch (error) {
      call.signal?.throwIfAborted();
      throw this.#explained(error);
    }
  }

  #explained(error: unknown): ProblemError {
    return clusterProblem(error, this.#connection.server);
  }
}
