import * as vscode from "vscode";
import { type Connect, StreamTerminal } from "./stream-terminal.ts";

/** A StreamTerminal in the editor's terminal panel. */
export class AgentPseudoterminal implements vscode.Pseudoterminal {
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<void>();
  readonly #terminal: StreamTerminal;
  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;

  constructor(agent: string, connect: Connect) {
    this.#terminal = new StreamTerminal(agent, connect, {
      write: (text) => this.#written.fire(text),
      close: () => this.#closed.fire(),
    });
  }

  open(size: vscode.TerminalDimensions | undefined): void {
    this.#terminal.open(size);
  }

  setDimensions(size: vscode.TerminalDimensions): void {
    this.#terminal.resize(size);
  }

  handleInput(data: string): void {
    this.#terminal.input(data);
  }

  /** Connects again if the stream has ended. */
  reconnect(): void {
    this.#terminal.reconnect();
  }

  close(): void {
    this.#terminal.close();
    this.#written.dispose();
    this.#closed.dispose();
  }
}
