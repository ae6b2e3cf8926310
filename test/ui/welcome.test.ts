import { expect } from "vitest";
import { scenario } from "./scenario.ts";

scenario("without a folder the side bar offers to open one", async ({ workspace }) => {
  const { workbench } = await workspace.open({ withFolder: false });
  await workbench.openSideBar("Gas City");
  await workbench.welcomeView("Open Folder").waitFor();
  await workbench.screenshot("welcome-no-folder");
});

scenario("a folder without city.toml gets one by a click", async ({ workspace }) => {
  const { workbench } = await workspace.open();
  await workbench.openSideBar("Gas City");
  await workbench.welcomeView("This folder has no city.toml").waitFor();
  await workbench.screenshot("welcome-no-city-dark");
  await workbench.setTheme("light");
  await workbench.screenshot("welcome-no-city-light");
  await workbench.page.getByRole("button", { name: "Create city.toml" }).click();
  for (const answer of ["minimal", "shell", "tmux"]) await workbench.quickPick(answer).click();
  await workbench.page.getByRole("tab", { name: "city.toml" }).waitFor();
  await expect.poll(() => workbench.editorText()).toContain("[workspace]");
  await workbench.welcomeView("The city is stopped").waitFor();
  await workbench.screenshot("city-created");
});
