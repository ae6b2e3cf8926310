import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, inject } from "vitest";
import { makeNamespace } from "../machine/kubernetes-namespace.ts";
import { mayorsCity } from "./mayors-city.ts";
import { scenario } from "./scenario.ts";

const soon = { timeout: 60_000, interval: 250 };

scenario("what is wrong with a city, and what to do, is shown where a person looks", async ({ workspace }) => {
  const { kubeconfig, image } = inject("cluster");
  await using namespace = await makeNamespace(kubeconfig, "gascity-ui-");
  await workspace.writeFile("city.toml", mayorsCity("troubled", namespace.name, ""));
  const { workbench } = await workspace.open({ environment: { KUBECONFIG: kubeconfig } });
  await workbench.openSideBar("Gas City");
  await workbench.welcomeView("No image for the agents' pods").waitFor(soon);
  await workbench.screenshot("problem-no-image");

  await workspace.writeFile("city.toml", mayorsCity("troubled", namespace.name, "127.0.0.1:9/nobody/agent:1"));
  await workbench.welcomeView("The city is stopped").waitFor(soon);
  await workbench.runCommand("Gas City: Start City");
  const row = workbench.treeItem(/^mayor, failed.*image cannot be pulled.*Check the image's name/u);
  await row.waitFor(soon);
  await row.hover();
  await workbench.page.locator(".monaco-hover").filter({ hasText: "Check the image's name" }).waitFor();
  await workbench.screenshot("problem-image-dark");
  await workbench.setTheme("light");
  await workbench.screenshot("problem-image-light");

  const good = await readFile(join(workspace.folder, "city.toml"), "utf8");
  await workspace.writeFile("city.toml", good.replace('template = "mayor"', 'template = "major"'));
  await workbench.page.getByText("city.toml has an error. The last good version stays in force.").waitFor();
  await workbench.openFile("city.toml");
  await workbench.page.locator(".squiggly-error").first().waitFor();
  await workbench.page.keyboard.press("Control+Shift+M");
  await workbench.page.getByText('did you mean "mayor"').first().waitFor();
  await workbench.screenshot("problem-city-toml");

  await workspace.writeFile("city.toml", mayorsCity("troubled", namespace.name, image));
  await workbench.treeItem(/^mayor, running/u).waitFor(soon);
  await workbench.screenshot("problem-gone");
});

scenario("a cluster that does not answer is named, and nothing hangs", async ({ workspace }) => {
  const { kubeconfig } = inject("cluster");
  const away = (await readFile(kubeconfig, "utf8")).replaceAll(/https:\/\/[^"\s]+/gu, "https://127.0.0.1:9");
  await workspace.writeFile("kubeconfig", away);
  await workspace.writeFile("city.toml", mayorsCity("troubled", "gc", "agent:1"));
  const { workbench } = await workspace.open({ environment: { KUBECONFIG: join(workspace.folder, "kubeconfig") } });
  await workbench.openSideBar("Gas City");
  await workbench.page.getByText("127.0.0.1:9").first().waitFor(soon);
  await workbench.runCommand("Gas City: Start City");
  await expect.poll(() => workbench.notifications(), soon).toHaveLength(1);
  await workbench.screenshot("problem-cluster-away");
});
