import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, inject, vi } from "vitest";
import { FileBeadStore } from "../../src/beads/file/file-bead-store.ts";
import { beadsFile } from "../../src/beads/file/store-place.ts";
import { silentLog } from "../../src/lib/log.ts";
import { openCityRuntime } from "../../src/runtime/open-city-runtime.ts";
import { makeNamespace } from "../machine/kubernetes-namespace.ts";
import { mayorsCity } from "./mayors-city.ts";
import { scenario } from "./scenario.ts";
import type { WorkbenchPage } from "./workbench-page.ts";

afterEach(() => vi.unstubAllEnvs());

const soon = { timeout: 30_000, interval: 100 };

/** The mayor does not heed Ctrl-C, so that Stop City takes as long as it may; the scribe ends as soon as there is a file `end`. */
const city = `[workspace]
name = "night"

[session]
provider = "tmux"

[daemon]
shutdown_timeout = "8s"

[[agent]]
name = "mayor"
start_command = "sh -c 'trap \\"\\" INT; exec cat'"

[[named_session]]
template = "mayor"
mode = "always"

[[agent]]
name = "scribe"
start_command = "sh -c 'until [ -e end ]; do sleep 0.1; done; echo out of tokens; exit 3'"
min_active_sessions = 1
max_active_sessions = 1

[[agent]]
name = "coder"
start_command = "cat"
min_active_sessions = 1
max_active_sessions = 3
`;

async function inBothThemes(workbench: WorkbenchPage, name: string, point?: RegExp): Promise<void> {
  for (const theme of ["light", "dark"] as const) {
    await workbench.setTheme(theme);
    if (point) {
      await workbench.treeItem(point).hover();
      await workbench.hover(/Session /u).waitFor();
    }
    await workbench.screenshot(`control-${name}-${theme}`);
  }
  // Away from the rows.
  await workbench.page.mouse.move(640, 400);
}

scenario("how a city is, and who controls it, is seen at a glance", async ({ workspace }) => {
  await workspace.writeFile("city.toml", city);
  const { workbench } = await workspace.open();
  await workbench.openSideBar("Gas City");
  await workbench.welcomeView("The city is stopped").waitFor(soon);
  await workbench.runCommand("Gas City: Start City");
  await workbench.statusBarItem("3/3 running").waitFor(soon);
  await inBothThemes(workbench, "running", /^mayor, running/u);

  await workspace.writeFile("end", "");
  await workbench.treeItem(/^scribe, waiting.*out of tokens/u).waitFor(soon);
  await workbench.screenshot("control-crashed-dark");
  const quarantined = /^scribe, quarantined.*left.*out of tokens/u;
  await workbench.treeItem(quarantined).waitFor(soon);
  await inBothThemes(workbench, "quarantined", quarantined);

  const beads = new FileBeadStore(await beadsFile(workspace.folder), silentLog);
  await beads.create({ title: "Mend the fence", assignee: "coder-1" });
  beads.dispose();
  await workspace.writeFile("city.toml", `${city}suspended = true\n`);
  await workbench.treeItem(/^coder-1, draining.*suspended in city\.toml/u).waitFor(soon);
  await inBothThemes(workbench, "draining", /^coder-1, draining/u);

  vi.stubEnv("TMUX_TMPDIR", workspace.tmuxEnvironment["TMUX_TMPDIR"]);
  await using other = openCityRuntime({ root: workspace.folder, env: process.env, log: silentLog, kind: "headless" });
  await other.takeOver();
  await workbench.notification(/taken the city over.*Its agents go on, and this window watches/u).waitFor(soon);
  await workbench.statusBarItem("controlled elsewhere").waitFor(soon);
  await inBothThemes(workbench, "lost", /^coder-1, draining/u);

  await workbench.reload();
  await workbench.page
    .getByText(/Controlled by another controller on this machine \(process \d+\)/u)
    .first()
    .waitFor(soon);
  await workbench.statusBarItem("controlled elsewhere").waitFor(soon);
  await workbench.runCommand("Gas City: Start City");
  await workbench.notification("Start City: The city is controlled by another controller").waitFor(soon);
  await inBothThemes(workbench, "elsewhere");
  await workbench.pressInNotification("Start City: The city is controlled by", "Take Over City");
  await workbench.page.locator(".monaco-dialog-box").getByText("Its agents go on.").waitFor(soon);
  await workbench.screenshot("control-take-over-dark");
  await workbench.pressInDialog("Take Over");
  await workbench.statusBarItem("controlled elsewhere").waitFor({ ...soon, state: "hidden" });
  await expect.poll(() => other.state.control.kind, soon).toBe("elsewhere");

  // Where it was, the rows are now.
  await workbench.page
    .getByText(/^Controlled by another/u)
    .first()
    .waitFor({ ...soon, state: "hidden" });
  await rm(join(workspace.folder, "end"));
  await workbench.clickInlineAction(/^scribe, quarantined/u, "Wake Now");
  await workbench.treeItem(/^scribe, running/u).waitFor(soon);

  await workbench.runCommand("Gas City: Stop City");
  await workbench.pressInDialog("Stop City");
  await workbench.notification(/2 of 3 stopped/u).waitFor(soon);
  await workbench.treeItem(/^coder-1, stopped/u).waitFor(soon);
  await workbench.screenshot("control-stopping-dark");
  await workbench.pressInNotification("2 of 3 stopped", "Cancel");
  await workbench
    .notification("Stop City was cancelled. 1 agent of night still runs, and nothing restarts it.")
    .waitFor(soon);
  await workbench.page.getByText("nothing restarts these agents").first().waitFor(soon);
  await workbench.screenshot("control-stop-cancelled-dark");
  await workbench.runCommand("Gas City: Stop City");
  await workbench.pressInDialog("Stop City");
  await workbench.welcomeView("The city is stopped").waitFor(soon);
});

scenario("a city on a cluster is taken over from another folder, and taken back", async ({ workspace }) => {
  const { kubeconfig, image } = inject("cluster");
  await using namespace = await makeNamespace(kubeconfig, "gascity-ui-");
  await workspace.writeFile("city.toml", mayorsCity("night", namespace.name, image));
  await workspace.writeFile("../elsewhere/city.toml", mayorsCity("night", namespace.name, image));
  const { workbench } = await workspace.open({ environment: { KUBECONFIG: kubeconfig } });
  await workbench.openSideBar("Gas City");
  await workbench.welcomeView("The city is stopped").waitFor(soon);
  await workbench.runCommand("Gas City: Start City");
  await workbench.treeItem(/^mayor, running/u).waitFor({ timeout: 90_000 });

  vi.stubEnv("KUBECONFIG", kubeconfig);
  const root = join(workspace.folder, "../elsewhere");
  {
    await using other = openCityRuntime({ root, env: process.env, log: silentLog, kind: "headless" });
    await other.takeOver();
    await workbench.notification(/handed over to gascity on \S+ \(process \d+\).*Its agents go on/u).waitFor(soon);
    await workbench.statusBarItem("1/1 running, controlled elsewhere").waitFor(soon);
    await inBothThemes(workbench, "lease-lost");

    await workbench.runCommand("Gas City: Take Over City");
    await workbench.pressInDialog("Take Over");
    await workbench.statusBarItem(/1\/1 running$/u).waitFor(soon);
    await expect.poll(() => other.state.control, soon).toMatchObject({ kind: "elsewhere", program: "editor" });
  }
  // The other one stood in line, and would have started the city anew.
  await workbench.runCommand("Gas City: Stop City");
  await workbench.pressInDialog("Stop City");
  await workbench.welcomeView("The city is stopped").waitFor({ timeout: 90_000 });
});
