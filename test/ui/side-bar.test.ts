import { expect } from "vitest";
import { scenario } from "./scenario.ts";

scenario("the side bar has a place for Gas City", async ({ workspace }) => {
  const { workbench } = await workspace.open();
  await workbench.openSideBar("Gas City");
  await expect.poll(() => workbench.page.locator(".sidebar .composite.title").textContent()).toContain("Gas City");
  await workbench.screenshot("side-bar");
});
