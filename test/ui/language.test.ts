import { expect } from "vitest";
import { scenario } from "./scenario.ts";

const city = `# A city of two agents, and a night shift.
include = ["night.toml"]

[workspace]
name = "language"

[session]
provider = "tmux"

[[agent]]
name = "mayor"
start_command = "cat"
wake_mode = "resume"

[[named_session]]
template = "mayor"
mode = "always"

[[agent]]
name = "scribe"
start_command = "cat"
idle_timeout = "1h"
depends_on = ["mayor"]
`;

const night = `# At night the scribe sleeps early.
[[patches.agent]]
name = "scribe"
idle_timeout = "10m"
`;

const soon = { timeout: 20_000, interval: 100 };

scenario("a city's files are a language of the editor", async ({ workspace }) => {
  await workspace.writeFile("city.toml", city);
  await workspace.writeFile("night.toml", night);
  const { workbench } = await workspace.open();
  const step = (name: string) => workbench.screenshot(`language-${name}`);

  await workbench.openSideBar("Gas City");
  await workbench.runCommand("Gas City: Start City");
  await workbench.treeItem(/^mayor, running/u).waitFor(soon);

  await workbench.openFile("city.toml");
  await workbench.codeLens("running").waitFor(soon);
  await workbench.codeLens("Attach").waitFor(soon);
  await workbench.codeLens("stopped").waitFor(soon);
  await step("1-lenses");

  await workbench.typeAtEnd('nugde = "Good morning"');
  await workbench.page.locator(".squiggly-warning").first().waitFor(soon);
  await workbench.page.keyboard.press("Home");
  await workbench.page.keyboard.press("Control+.");
  await workbench.actionWidget('Change "nugde" to "nudge"').waitFor(soon);
  await step("2-quick-fix");
  await workbench.page.keyboard.press("Enter");
  await expect.poll(() => workbench.editorText(), soon).toContain('nudge = "Good morning"');
  await expect.poll(() => workbench.page.locator(".squiggly-warning").count(), soon).toBe(0);

  await workbench.typeAtEnd("\n\n[[named");
  await workbench.suggestion("[[named_session]]").waitFor(soon);
  await step("3-completion-of-a-table");
  await workbench.page.keyboard.press("Enter");
  await workbench.suggestion("scribe").waitFor(soon);
  await step("4-completion-of-a-name");
  await workbench.suggestion("scribe").click();
  await expect.poll(() => workbench.editorText(), soon).toContain('template = "scribe"');
  await workbench.typeAtEnd("mo");
  await workbench.suggestion("mode").waitFor(soon);
  await workbench.page.keyboard.press("Enter");
  await workbench.suggestion("always").waitFor(soon);
  await step("5-completion-of-a-value");
  await workbench.suggestion("always").click();
  await expect.poll(() => workbench.editorText(), soon).toMatch(/template = "scribe"\nmode = "always"/u);

  await workbench.hoverText("idle_timeout");
  await workbench.hover("night.toml:4").waitFor(soon);
  await step("6-hover");
  await workbench.page.keyboard.press("Escape");

  await workbench.runCommand("Gas City: Show Resolved Configuration");
  await expect.poll(() => workbench.editorText(), soon).toContain('idle_timeout = "10m"');
  await step("7-resolved");

  await workbench.runCommand("Gas City: Add Agent…");
  await workbench.answerInput("clerk");
  await workbench.quickPick("A command…").click();
  await workbench.answerInput("cat");
  await workbench.quickPick("On demand").waitFor(soon);
  await step("8-adding-an-agent");
  await workbench.quickPick("On demand").click();
  await workbench.treeItem(/^clerk, stopped/u).waitFor(soon);
  await expect.poll(() => workbench.editorText(), soon).toContain('name = "clerk"');
  await step("9-agent-added");

  await workbench.undo();
  await workbench.treeItem(/^clerk/u).waitFor({ state: "hidden", ...soon });
  expect(await workbench.editorText()).not.toContain("clerk");
  await step("10-undone");
});
