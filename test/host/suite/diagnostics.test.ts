import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { type Diagnostic, languages, Position, Range, type TextEditor, window } from "vscode";
import { eventually } from "./eventually.ts";
import { fileOfCity, openCity } from "./open-city.ts";

/** What the extension says of city.toml, once `accept` holds for it. */
async function diagnosticsOnce(accept: (found: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]> {
  const uri = fileOfCity("city.toml");
  return await eventually(
    (listener) => languages.onDidChangeDiagnostics(listener),
    () => {
      const found = languages.getDiagnostics(uri).filter(({ source }) => source === "Gas City");
      return accept(found) ? found : undefined;
    },
  );
}

describe("diagnostics of city.toml", () => {
  let editor: TextEditor;
  let good: string;

  beforeEach(async () => {
    editor = await window.showTextDocument(fileOfCity("city.toml"));
    good = editor.document.getText();
  });

  afterEach(async () => {
    const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
    await editor.edit((edit) => edit.replace(new Range(new Position(0, 0), end), good));
    await editor.document.save();
    await diagnosticsOnce((all) => all.length === 0);
  });

  it("come while typing, at their place", async () => {
    await openCity();
    const last = editor.document.lineCount - 1;
    await editor.edit((edit) => edit.insert(new Position(last, 0), "start_comand = 3\n"));
    const [found] = await diagnosticsOnce((all) => all.length > 0);
    assert.match(found?.message ?? "", /start_comand/);
    assert.deepEqual(found?.range.start, new Position(last, 0));
  });

  it("follow the file on disk; a broken one keeps the last good city", async () => {
    const runtime = await openCity();
    await editor.edit((edit) => edit.insert(new Position(0, 0), "[workspace\n"));
    await editor.document.save();
    const state = await eventually(runtime.onDidChange, () =>
      runtime.state.diagnostics.some(({ severity }) => severity === "error") ? runtime.state : undefined,
    );
    assert.deepEqual(
      state.agents.map(({ agent }) => agent),
      ["mayor"],
    );
    const [found] = await diagnosticsOnce((all) => all.length > 0);
    assert.equal(found?.range.start.line, 0);
  });
});
