import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { type Diagnostic, languages, Position, window, workspace } from "vscode";
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
  it("come while typing, at their place, and leave the running city alone", async () => {
    const runtime = await openCity();
    const before = await eventually(runtime.onDidChange, () =>
      runtime.state.agents.length > 0 ? runtime.state.agents : undefined,
    );
    const editor = await window.showTextDocument(fileOfCity("city.toml"));
    const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
    await editor.edit((edit) => edit.insert(end, "start_comand = 3\n"));
    const [found] = await diagnosticsOnce((all) => all.length > 0);
    assert.match(found?.message ?? "", /start_comand/);
    assert.deepEqual(found?.range.start, new Position(end.line, 0));
    assert.equal(editor.document.isDirty, true);
    assert.deepEqual(
      runtime.state.agents.map(({ agent }) => agent),
      before.map(({ agent }) => agent),
    );
  });

  it("follow the file on disk: a broken one keeps the last good city", async () => {
    const runtime = await openCity();
    const uri = fileOfCity("city.toml");
    const good = await workspace.fs.readFile(uri);
    const document = await workspace.openTextDocument(uri);
    try {
      const editor = await window.showTextDocument(document);
      await editor.edit((edit) => edit.insert(new Position(0, 0), "[workspace\n"));
      await document.save();
      const state = await eventually(runtime.onDidChange, () =>
        runtime.state.diagnostics.some(({ severity }) => severity === "error") ? runtime.state : undefined,
      );
      assert.equal(state.agents.length, 1);
      const [found] = await diagnosticsOnce((all) => all.length > 0);
      assert.equal(found?.range.start.line, 0);
    } finally {
      await workspace.fs.writeFile(uri, good);
    }
    await diagnosticsOnce((all) => all.length === 0);
  });
});
