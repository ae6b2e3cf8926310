import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "mocha";
import { commands, FileType, Position, Range, type TextDocument, Uri, window, workspace } from "vscode";
import { workspaceEdit } from "../../../src/editor/city/workspace-edit.ts";
import { fileOfCity, openCity } from "./open-city.ts";

describe("the commands that change a city's files", () => {
  let document: TextDocument;
  let saved: string;

  before(async () => {
    await openCity();
    ({ document } = await window.showTextDocument(fileOfCity("city.toml")));
    saved = document.getText();
  });

  afterEach(() => write(saved));

  after(() => document.save());

  async function write(text: string): Promise<void> {
    const editor = await window.showTextDocument(document);
    const whole = new Range(new Position(0, 0), document.positionAt(document.getText().length));
    await editor.edit((edit) => edit.replace(whole, text));
  }

  async function suspendMayor(): Promise<void> {
    await commands.executeCommand("gascity.suspendAgent", { agents: ["mayor"] });
  }

  it("change and save what was saved, and are undone in one step", async () => {
    await suspendMayor();
    assert.equal(document.getText(), `${saved}suspended = true\n`);
    assert.equal(document.isDirty, false);
    await window.showTextDocument(document);
    await commands.executeCommand("undo");
    assert.equal(document.getText(), saved);
  });

  it("work on what is not saved yet, and leave that to its author", async () => {
    const comment = "# about the mayor\n";
    await write(comment + saved);
    await suspendMayor();
    assert.equal(document.getText(), `${comment}${saved}suspended = true\n`);
    assert.equal(document.isDirty, true);
  });

  it("change nothing while the file is no TOML", async () => {
    await write(`${saved}oops\n`);
    await suspendMayor();
    assert.equal(document.getText(), `${saved}oops\n`);
  });

  it("make the file of an agent that was only a folder, and move and remove folders", async () => {
    const root = fileOfCity(".").fsPath;
    const exists = async (path: string): Promise<boolean> => {
      try {
        return (await workspace.fs.stat(fileOfCity(path))).type !== FileType.Unknown;
      } catch {
        return false;
      }
    };
    await workspace.fs.createDirectory(fileOfCity("agents/clerk"));
    const file = "agents/clerk/agent.toml";
    const edits = new Map([[file, [{ start: 0, end: 0, newText: "suspended = true\n" }]]]);
    const moves = [{ from: "agents/clerk", to: "agents/scribe" }];
    const texts = new Map([[file, ""]]);
    assert.ok(await workspace.applyEdit(workspaceEdit({ edits, moves, removals: [] }, texts, root)));
    const moved = await workspace.openTextDocument(fileOfCity("agents/scribe/agent.toml"));
    assert.equal(moved.getText(), "suspended = true\n");
    assert.equal(await exists("agents/clerk"), false);
    const removals = ["agents/scribe"];
    assert.ok(await workspace.applyEdit(workspaceEdit({ edits: new Map(), moves: [], removals }, texts, root)));
    assert.equal(await exists("agents/scribe"), false);
    await workspace.fs.delete(Uri.joinPath(fileOfCity("."), "agents"), { recursive: true });
  });
});
