import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../lib/disposable.ts";
import { ProblemError } from "../../lib/problem.ts";
import type { CityRuntime } from "../../runtime/city-runtime.ts";
import type { AgentState } from "../../runtime/city-state.ts";
import type { AttachTarget } from "../../sessions/session-provider.ts";
import { AgentPseudoterminal } from "./agent-pseudoterminal.ts";
import { AttachedSessions } from "./attached-sessions.ts";
import type { Connect } from "./stream-terminal.ts";

const iconPath = new vscode.ThemeIcon("terminal-tmux");

interface OpenTerminal {
  readonly root: string;
  readonly session: string;
  readonly terminal: vscode.Terminal;
  /** Undefined where the terminal runs a program instead. */
  readonly pty?: AgentPseudoterminal;
}

/** The terminals on agents, one each at most. Closing one detaches; disposing this leaves them to the editor. */
export class AgentTerminals implements Disposable {
  readonly #runtime: () => CityRuntime | undefined;
  readonly #attached: AttachedSessions;
  readonly #store = new DisposableStore();
  /** By the city's root and the session's name. */
  readonly #terminals = new Map<string, Promise<OpenTerminal>>();

  /** `memory` is the workspace's. */
  constructor(runtime: () => CityRuntime | undefined, memory: vscode.Memento) {
    this.#runtime = runtime;
    this.#attached = new AttachedSessions(memory);
    this.#store.add(vscode.window.onDidCloseTerminal((terminal) => void this.#forget(terminal)));
  }

  /** Shows the agent's terminal, opening it if there is none and connecting it again if its stream has ended. */
  async show(agent: AgentState): Promise<void> {
    const runtime = this.#openRuntime();
    const key = `${runtime.state.root}\n${agent.session}`;
    const opening = this.#terminals.get(key) ?? this.#open(agent, runtime);
    this.#terminals.set(key, opening);
    try {
      const { terminal, pty } = await opening;
      this.#attached.add(runtime.state.root, agent.session);
      terminal.show();
      pty?.reconnect();
    } catch (error) {
      this.#terminals.delete(key);
      throw error;
    }
  }

  /** Offers to attach to what this window was attached to before it was reloaded, once the city's sessions are seen. */
  offerAgain(runtime: CityRuntime): void {
    this.#attached.offerAgain(runtime, (agents) => void this.#offer(agents));
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #offer(agents: readonly AgentState[]): Promise<void> {
    const names = new Intl.ListFormat("en").format(agents.map(({ agent }) => agent));
    const attach = "Attach";
    if ((await vscode.window.showInformationMessage(`Attach to ${names} again?`, attach)) !== attach) return;
    for (const { session } of agents) await vscode.commands.executeCommand("gascity.attach", session);
  }

  async #open({ agent, session }: AgentState, runtime: CityRuntime): Promise<OpenTerminal> {
    const target = await runtime.attach(session);
    const { root } = runtime.state;
    if (target.kind === "stream") {
      const pty = new AgentPseudoterminal(agent, this.#connector(session, target));
      return {
        root,
        session,
        pty,
        terminal: vscode.window.createTerminal({ name: agent, pty, iconPath, isTransient: true }),
      };
    }
    const terminal = vscode.window.createTerminal({
      name: agent,
      shellPath: target.file,
      shellArgs: [...target.args],
      // tmux refuses to attach from within tmux, where the editor itself may have been started.
      env: { TMUX: null, TMUX_PANE: null },
      iconPath,
      isTransient: true,
    });
    return { root, session, terminal };
  }

  /** Connects first to `target`, later to whatever the session is by then. */
  #connector(session: string, target: AttachTarget): Connect {
    let first: AttachTarget | undefined = target;
    return async (size, signal) => {
      const current = first ?? (await this.#openRuntime().attach(session));
      first = undefined;
      if (current.kind === "stream") return await current.open(size, signal);
      throw new ProblemError({
        code: "unsupported",
        reason: "the agent now runs on this machine",
        action: "Close this terminal and attach again",
      });
    };
  }

  #openRuntime(): CityRuntime {
    const runtime = this.#runtime();
    if (runtime) return runtime;
    throw new ProblemError({
      code: "session-missing",
      reason: "its city is not open",
      action: "Open the city's folder",
    });
  }

  async #forget(closed: vscode.Terminal): Promise<void> {
    for (const [key, opening] of this.#terminals) {
      const open = await opening.catch(() => undefined);
      if (open?.terminal !== closed) continue;
      this.#terminals.delete(key);
      // The window goes, not the person.
      if (closed.exitStatus?.reason === vscode.TerminalExitReason.Shutdown) continue;
      this.#attached.delete(open.root, open.session);
    }
  }
}
