import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { commands, extensions } from "vscode";

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe("the extension", () => {
  const extension = extensions.getExtension("gascity.gas-city");

  it("activates", async () => {
    assert.ok(extension, "gascity.gas-city is not installed");
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it("registers every command of its manifest", async () => {
    const manifest = extension?.packageJSON as Manifest;
    const registered = new Set(await commands.getCommands(true));
    const declared = manifest.contributes.commands.map(({ command }) => command);
    assert.notDeepEqual(declared, []);
    assert.deepEqual(
      declared.filter((command) => !registered.has(command)),
      [],
    );
  });
});
