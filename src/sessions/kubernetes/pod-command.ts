import { launchCommand } from "../../city/resolve/prompt-delivery.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import { mainPane } from "./agent-script.ts";
import { podPlaces, workspace } from "./pod-places.ts";

/**
 * What the agent container's shell runs (k8s-wire §1.3): set-up, then the session's command in tmux. The shell stays
 * when the agent has ended. When the pod is deleted it ends with the agent, where gc's lets the whole grace period pass
 * and the agent hears of nothing.
 */
export function podCommand(config: SessionConfig, prebaked: boolean): string {
  const places = podPlaces(config, { prebaked });
  const user = config.env["LINUX_USERNAME"] ?? "";
  return [
    user ? "" : endWithAgent,
    user && createUser(user, places.workDir),
    "mkdir -p $HOME/.claude && cp -rL /tmp/claude-secret/. $HOME/.claude/ 2>/dev/null; ",
    "git config --global --add safe.directory '*' 2>/dev/null; ",
    prebaked ? "" : `while [ ! -f ${workspaceReady} ]; do sleep 0.1; done; `,
    ...config.preStart.map((command, index) =>
      orEnd(`echo '${base64(places.command(command))}' | base64 -d | sh`, index + 1),
    ),
    chooseCommand(places.command(launchCommand(config)) || "/bin/bash"),
    user
      ? `su - ${user} -c "cd ${places.workDir} && ${newSession.replaceAll('"', '\\"')} && sleep infinity"`
      : `${newSession} && { sleep infinity & wait; }`,
  ].join("");
}

/** What ends the agent by SIGHUP and waits for it. A shell hears a signal while it waits, not while a command runs. */
const endWithAgent =
  `trap 'exec 2>/dev/null; pids=$(tmux list-panes -s -t "${mainPane}" -F "#{pane_pid}"); tmux kill-server; ` +
  `for pid in $pids; do while [ -d "/proc/$pid" ]; do sleep 0.1; done; done; exit 143' TERM; `;

/** Keeps all that the agent prints (k8s-wire §2.2). */
export const agentOutput = "/tmp/agent-output.log";

/** The agent container waits for this file before it starts the agent. */
export const workspaceReady = `${workspace}/.gc-workspace-ready`;

/** In one command, so that the agent's first words are kept too, which are the last ones of an agent that ends at once. */
const newSession = `tmux new-session -d -s main "$CMD" \\; pipe-pane -t '${mainPane}' 'cat >> ${agentOutput}'`;

/** In bytes: tmux takes no command beyond 16 KiB, which only one with a prompt in it is. */
const longestForTmux = 8192;

function chooseCommand(line: string): string {
  if (Buffer.byteLength(line) <= longestForTmux) return `CMD=$(echo '${base64(line)}' | base64 -d) && `;
  return `echo '${base64(line)}' | base64 -d > /tmp/gc-launch.sh && CMD='sh /tmp/gc-launch.sh' && `;
}

/**
 * Ends the container when a pre_start fails, where gc goes on without it. What has been printed, and these words, become
 * the container's last message (`terminationMessagePolicy` of the manifest), so that the pod itself says why.
 */
function orEnd(command: string, number: number): string {
  return `${command} || { echo "gascity: pre_start ${number} ended with exit code $?"; exit 1; }; `;
}

/** The number of a failed pre_start, its exit code and what was printed before, from a container's last message. */
export function failedPreStart(message: string): { number: string; exitCode: string; output: string } | undefined {
  const found = /^(?<output>[^]*)gascity: pre_start (?<number>\d+) ended with exit code (?<exitCode>\d+)\s*$/u.exec(
    message,
  );
  return found?.groups as ReturnType<typeof failedPreStart>;
}

function createUser(user: string, workDir: string): string {
  return [
    `id "${user}" >/dev/null 2>&1 || useradd -m -s /bin/bash "${user}"; `,
    `echo "${user} ALL=(ALL) NOPASSWD:ALL" > /etc/sudoers.d/"${user}" && chmod 0440 /etc/sudoers.d/"${user}"; `,
    `mkdir -p "${workDir}" && chown -R "${user}" "${workDir}"; `,
    `export HOME="/home/${user}"; `,
  ].join("");
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
