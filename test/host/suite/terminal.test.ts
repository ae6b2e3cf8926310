import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { commands, type Terminal, window, workspace } from "vscode";
import { AgentPseudoterminal } from "../../../src/editor/terminal/agent-pseudoterminal.ts";
import { Emitter } from "../../../src/lib/emitter.ts";
import type { AttachmentEnd, TerminalSize } from "../../../src/sessions/session-provider.ts";
import { eventually } from "./eventually.ts";
import { agentOnce, openCity } from "./open-city.ts";

/** Resolves when the editor has closed the terminal. */
async function closed(terminal: Terminal): Promise<void> {
  await eventually(
    (listener) => window.onDidCloseTerminal(listener),
    () => (window.terminals.includes(terminal) ? undefined : true),
  );
}

describe("the pseudoterminal", () => {
  it("connects with the size of the terminal, passes text on, and closes with the agent's terminal", async () => {
    const connected = Promise.withResolvers<TerminalSize>();
    const written = Promise.withResolvers<string>();
    const end = new Emitter<AttachmentEnd>();
    const pty = new AgentPseudoterminal("coder", async (size) => {
      connected.resolve(size);
      return {
        onData: new Emitter<Uint8Array>().event,
        onEnd: end.event,
        write: (text) => written.resolve(text),
        resize() {},
        dispose() {},
      };
    });
    const terminal = window.createTerminal({ name: "coder", pty });
    terminal.show();
    const size = await connected.promise;
    assert.ok(size.columns > 20 && size.rows > 2, JSON.stringify(size));
    terminal.sendText("hello", false);
    assert.equal(await written.promise, "hello");
    end.fire({ kind: "detached", message: "detached" });
    await closed(terminal);
  });
});

describe("an agent on tmux", () => {
  it("is started, nudged and peeked at by commands", async () => {
    const runtime = await openCity();
    const { session } = await agentOnce(runtime, "mayor", () => true);
    await commands.executeCommand("gascity.startAgent", session);
    await agentOnce(runtime, "mayor", ({ phase }) => phase === "running");
    await runtime.nudge(session, "hello from the host");
    await commands.executeCommand("gascity.peek", session);
    const editor = window.activeTextEditor;
    assert.equal(editor?.document.uri.scheme, "gascity-peek");
    await eventually(
      (listener) => {
        // The answer may come after the first look: Peek again on each change until it is there.
        const subscription = workspace.onDidChangeTextDocument(listener);
        const again = setInterval(() => void commands.executeCommand("gascity.peek", session), 250);
        return {
          dispose() {
            clearInterval(again);
            subscription.dispose();
          },
        };
      },
      () => (editor.document.getText().includes("hello from the host") ? true : undefined),
    );
  });

  it("has one terminal, which Attach shows again; closing it leaves the agent running", async () => {
    const runtime = await openCity();
    const { session } = await agentOnce(runtime, "mayor", ({ phase }) => phase === "running");
    const before = new Set(window.terminals);
    await commands.executeCommand("gascity.attach", session);
    await commands.executeCommand("gascity.attach", session);
    const opened = window.terminals.filter((terminal) => !before.has(terminal));
    assert.deepEqual(
      opened.map(({ name }) => name),
      ["mayor"],
    );
    const [terminal] = opened;
    assert.ok(terminal);
    terminal.dispose();
    await closed(terminal);
    assert.equal((await agentOnce(runtime, "mayor", () => true)).phase, "running");
    await commands.executeCommand("gascity.stopAgent", session);
    await agentOnce(runtime, "mayor", ({ phase }) => phase === "stopped");
  });
});
