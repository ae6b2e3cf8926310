import type { V1Pod } from "@kubernetes/client-node";
import type { Call } from "./entry-sandbox.ts";
import type { PodVector } from "./pod-vectors.ts";

/** One thing in which our pods differ from gc's on purpose. */
interface Difference {
  readonly what: string;
  readonly why: string;
  /** Makes it of gc's pod. */
  readonly pod?: (pod: V1Pod, config: PodVector["config"]) => void;
  /** Makes it of what the entry command of gc's pod calls. */
  readonly calls?: (calls: readonly Call[]) => readonly Call[];
  /** The same where every pre_start fails. */
  readonly failedCalls?: (calls: readonly Call[]) => readonly Call[];
}

/** All of them: whatever is not here is as gc has it. */
export const podDifferences: readonly Difference[] = [
  {
    what: "a security context that meets the Pod Security Standard restricted, unless root has to make a user",
    why: "gc's pods are refused by every namespace that enforces the standard",
    pod({ spec }) {
      if (!spec || makesUser(spec)) return;
      spec.securityContext = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };
      for (const container of containersOf(spec)) {
        container.securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
      }
    },
  },
  {
    what: "what is secret comes from a Secret of the pod's own",
    why: "whoever may look at pods reads what stands in their specification",
    pod({ spec }) {
      for (const variable of spec?.containers[0]?.env ?? []) {
        if (variable.name !== "GC_DOLT_PASSWORD") continue;
        delete variable.value;
        variable.valueFrom = { secretKeyRef: { name: "secret", key: variable.name } };
      }
    },
  },
  {
    what: "tmux commands without a target are meant for the agent's pane",
    why: "our command channel has a session of its own in the agent's server, which tmux might take for the one that is meant",
    pod({ spec }) {
      spec?.containers[0]?.env?.push({ name: "TMUX_PANE", value: "%0" });
    },
  },
  {
    what: "a container that ends without a message says its last log lines",
    why: "it is all that is left of one that could not start, such as the words of a failed pre_start",
    pod({ spec }) {
      for (const container of containersOf(spec)) container.terminationMessagePolicy = "FallbackToLogsOnError";
    },
  },
  {
    what: "a failed pre_start ends the start",
    why: "gc starts the agent without what it needs, and nobody hears of it",
    failedCalls: (calls) => calls.slice(0, calls.findIndex(([program]) => program === "sh") + 1),
  },
  {
    // What the agent's container does about it is in pod-command.test.ts: it takes a real agent.
    what: "the init container ends when its pod is deleted",
    why: "gc's stays for the whole grace period, in which no pod of the same name can be made",
    pod({ spec }) {
      const wait = "while [ ! -f /workspace/.gc-ready ]; do sleep 0.5; done";
      for (const stage of spec?.initContainers ?? []) stage.command = ["sh", "-c", `trap "exit 143" TERM; ${wait}`];
    },
  },
  {
    what: "who waits for files looks for them every tenth of a second",
    why: "nothing else keeps the agent from being started once they are there",
    pod({ spec }) {
      for (const { command } of spec?.initContainers ?? []) {
        if (command?.[2]) command[2] = command[2].replace("sleep 0.5", "sleep 0.1");
      }
    },
    calls: looksOften,
    failedCalls: looksOften,
  },
  {
    what: "what an agent prints is kept from its first character",
    why: "gc begins to keep it later, when an agent that ends at once is gone with its reason",
    calls: (calls) =>
      calls.map((call) => {
        const [program, ...args] = call;
        if (program === "tmux") return [program, ...args, ";", "pipe-pane", "-t", "=main:", keepOutput];
        if (program !== "su") return call;
        const kept = `\\; pipe-pane -t '=main:' '${keepOutput}' && sleep infinity`;
        return [program, ...args.map((arg) => arg.replace("&& sleep infinity", kept))];
      }),
  },
  {
    what: "a work dir outside the city has a place of its own",
    why: "gc mixes its files with the city's in /workspace (gascity-spec §9.2, 13)",
    pod({ spec }, config) {
      const [container] = spec?.containers ?? [];
      if (!container || config.work_dir !== "/src/other") return;
      container.workingDir = "/workspace/.rigs/other";
      for (const variable of container.env ?? []) if (variable.name === "GC_DIR") variable.value = container.workingDir;
    },
  },
];

function looksOften(calls: readonly Call[]): readonly Call[] {
  return calls.map((call) => (call[0] === "sleep" && call[1] === "0.5" ? ["sleep", "0.1"] : call));
}

const keepOutput = "cat >> /tmp/agent-output.log";

function makesUser({ containers }: NonNullable<V1Pod["spec"]>): boolean {
  return containers.some(({ securityContext }) => securityContext?.runAsUser === 0);
}

function containersOf(spec: V1Pod["spec"]) {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
}
