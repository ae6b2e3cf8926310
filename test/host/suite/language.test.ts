import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import {
  type CodeAction,
  type CodeLens,
  CodeActionKind,
  type CompletionList,
  commands,
  type DocumentSymbol,
  type Hover,
  languages,
  type Location,
  MarkdownString,
  Position,
  Range,
  type TextDocument,
  type TextEditor,
  window,
  workspace,
  WorkspaceEdit,
} from "vscode";
import { eventually } from "./eventually.ts";
import { agentOnce, fileOfCity, openCity } from "./open-city.ts";

const sessions = `
[[named_session]]
template = "mayor"
mode = "always"
`;

/** The text of what a hover says. */
function textOf({ contents }: Hover): string {
  return contents.map((part) => (part instanceof MarkdownString ? part.value : "")).join("\n");
}

describe("the language of a city's files", () => {
  let editor: TextEditor;
  let document: TextDocument;
  let saved: string;

  before(async () => {
    await openCity();
    editor = await window.showTextDocument(fileOfCity("city.toml"));
    document = editor.document;
    saved = document.getText();
  });

  beforeEach(() => write(`${saved}${sessions}`));

  afterEach(() => write(saved));

  after(() => document.save());

  async function write(text: string): Promise<void> {
    const whole = new Range(new Position(0, 0), document.positionAt(document.getText().length));
    await editor.edit((edit) => edit.replace(whole, text));
  }

  /** The place behind the first `text` in the document. */
  function behind(text: string): Position {
    const at = document.getText().indexOf(text);
    assert.ok(at >= 0, `${text} is not there`);
    return document.positionAt(at + text.length);
  }

  async function ask<T>(command: string, ...args: readonly unknown[]): Promise<T> {
    return await commands.executeCommand<T>(`vscode.${command}`, document.uri, ...args);
  }

  async function complete(before: string): Promise<readonly string[]> {
    const { items } = await ask<CompletionList>("executeCompletionItemProvider", behind(before));
    return items.map(({ label }) => (typeof label === "string" ? label : label.label));
  }

  it("is TOML", () => {
    assert.equal(document.languageId, "toml");
  });

  it("completes tables, keys and names, in half-written text, too", async () => {
    await write(`${saved}\n[[named_session]]\ntemplate = "`);
    assert.deepEqual(await complete('template = "'), ["mayor"]);
    await write(`${saved}\n[daemon]\npat`);
    assert.ok((await complete("\npat")).includes("patrol_interval"));
    await write(`${saved}\n[`);
    assert.ok((await complete('cat"\n\n[')).includes("[[named_session]]"));
  });

  it("says what a key means", async () => {
    const [hover] = await ask<Hover[]>("executeHoverProvider", behind("start_com"));
    assert.ok(hover);
    assert.match(textOf(hover), /\*\*start_command\*\*: string/u);
    assert.match(textOf(hover), /from \[city\.toml:\d+\]\(file:/u);
    assert.equal(document.getText(hover.range), "start_command");
  });

  it("leads from a name to its definition, and to its uses", async () => {
    const [definition] = await ask<Location[]>("executeDefinitionProvider", behind('template = "ma'));
    assert.ok(definition);
    assert.equal(document.getText(definition.range), "mayor");
    assert.ok(definition.range.start.isBefore(behind("template")));
    const references = await ask<Location[]>("executeReferenceProvider", behind('name = "ma'));
    assert.deepEqual(
      references.map(({ range }) => document.getText(range)),
      ["mayor", "mayor"],
    );
  });

  it("outlines the tables by name", async () => {
    const symbols = await ask<DocumentSymbol[]>("executeDocumentSymbolProvider");
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ["workspace", "session", "mayor", "mayor"],
    );
  });

  it("renames an agent wherever it is named", async () => {
    const edit = await ask<WorkspaceEdit>("executeDocumentRenameProvider", behind('template = "ma'), "chief");
    assert.ok(await workspace.applyEdit(edit));
    assert.equal(document.getText(), `${saved}${sessions}`.replaceAll('"mayor"', '"chief"'));
  });

  it("refuses to rename an agent to what is no name", async () => {
    const rename = ask<WorkspaceEdit>("executeDocumentRenameProvider", behind('template = "ma'), "no name");
    await assert.rejects(rename, /letters/u);
  });

  it("mends an unknown key by a quick fix", async () => {
    await write(saved.replace("start_command", "start_comand"));
    const found = await eventually(
      (listener) => languages.onDidChangeDiagnostics(listener),
      () => languages.getDiagnostics(document.uri).find(({ code }) => code === "unknown-key"),
    );
    const kind = CodeActionKind.QuickFix.value;
    const actions = await ask<CodeAction[]>("executeCodeActionProvider", found.range, kind);
    const fix = actions.find(({ isPreferred }) => isPreferred);
    assert.equal(fix?.title, 'Change "start_comand" to "start_command"');
    assert.ok(fix.edit && (await workspace.applyEdit(fix.edit)));
    assert.equal(document.getText(), saved);
  });

  it("shows above an agent its state and what can be done", async () => {
    const runtime = await openCity();
    await agentOnce(runtime, "mayor", ({ phase }) => phase === "stopped");
    const lenses = await ask<CodeLens[]>("executeCodeLensProvider");
    assert.deepEqual(
      lenses.map(({ command }) => command?.title),
      ["$(circle-outline) stopped", "Start"],
    );
    assert.equal(lenses[0]?.range.start.line, behind("[[agent]]").line);
  });

  it("shows the city as all of its files make it, and follows them", async () => {
    await commands.executeCommand("gascity.showResolvedConfiguration");
    const resolved = window.activeTextEditor?.document;
    assert.equal(resolved?.uri.scheme, "gascity-config");
    assert.equal(resolved.languageId, "toml");
    assert.match(resolved.getText(), /\[\[named_session\]\]\ntemplate = "mayor"\nmode = "always"/u);
    editor = await window.showTextDocument(document);
    await write(saved);
    await eventually(
      (listener) => workspace.onDidChangeTextDocument(listener),
      () => (resolved.getText().includes("named_session") ? undefined : true),
    );
  });

  it("leaves files alone that are not the city's", async () => {
    const other = fileOfCity("other.toml");
    const edit = new WorkspaceEdit();
    edit.createFile(other, { overwrite: true, contents: new TextEncoder().encode('[[agent]]\nname = "x"\n') });
    await workspace.applyEdit(edit);
    await workspace.openTextDocument(other);
    const place = new Position(1, 2);
    assert.deepEqual(await commands.executeCommand("vscode.executeHoverProvider", other, place), []);
    assert.deepEqual(await commands.executeCommand("vscode.executeCodeLensProvider", other), []);
    await workspace.fs.delete(other);
  });
});
