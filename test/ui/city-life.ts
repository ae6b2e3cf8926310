import { expect } from "vitest";
import type { OpenOptions, Workspace } from "./workspace.ts";

/** Where the sample city's agents run, as seen from outside of the editor. */
export interface Surroundings {
  /** What the workbench needs to get there. */
  readonly open: OpenOptions;
  /** Every session of the city that exists now, by its name; the value changes when a session is made anew. */
  sessions(): Promise<ReadonlyMap<string, string>>;
  /** Ends a session behind the controller's back. */
  kill(session: string): Promise<void>;
}

const agents = ["mayor", "runner-1", "scribe"];
/** The pool's session is named after its bead; people see its slot. */
const sessionNames = ["mayor", expect.stringMatching(/^runner-gc-\d+$/u), "scribe"];
/** A start with its image on a busy machine. */
const slow = { timeout: 90_000, interval: 250 };
const soon = { timeout: 20_000, interval: 100 };

/**
 * A day of the sample city, which the workspace's folder holds: started, attached to, nudged, robbed of an agent, reloaded,
 * left alone, come back to, stopped. Keeps a picture of every step as PREFIX-STEP.png.
 */
export async function liveOneDay(workspace: Workspace, surroundings: Surroundings, prefix: string): Promise<void> {
  const namesOfSessions = async () => Array.from((await surroundings.sessions()).keys()).toSorted();
  const first = await workspace.open(surroundings.open);
  const { workbench } = first;
  const step = (name: string) => workbench.screenshot(`${prefix}-${name}`);

  await workbench.openSideBar("Gas City");
  await workbench.welcomeView("The city is stopped").waitFor(soon);
  await step("1-stopped");

  await workbench.runCommand("Gas City: Start City");
  for (const agent of agents) await workbench.treeItem(new RegExp(`^${agent}, running`, "u")).waitFor(slow);
  await workbench.statusBarItem("3/3 running").waitFor(soon);
  expect(await namesOfSessions()).toEqual(sessionNames);
  await step("2-running");

  await workbench.clickInlineAction(/^mayor,/u, "Attach");
  await expect.poll(() => workbench.terminalText(), soon).toContain("Hello, I am mayor.");
  await workbench.typeInTerminal("Is all well?\n");
  await expect.poll(() => workbench.terminalText(), soon).toContain("mayor heard: Is all well?");
  await step("3-attached");

  await workbench.clickInlineAction(/^scribe,/u, "Nudge");
  await workbench.answerInput("Write this down");
  await expect
    .poll(async () => {
      await workbench.chooseInContextMenu(/^scribe,/u, "Peek");
      return await workbench.editorText();
    }, soon)
    .toContain("scribe heard: Write this down");
  await step("4-nudged");

  const runner = (await namesOfSessions()).find((name) => name.startsWith("runner-")) ?? "";
  const before = (await surroundings.sessions()).get(runner);
  await surroundings.kill(runner);
  await expect.poll(async () => (await surroundings.sessions()).get(runner) ?? before, slow).not.toBe(before);
  await workbench.treeItem(/^runner-1, running/u).waitFor(slow);
  await workbench.statusBarItem("3/3 running").waitFor(slow);
  await step("5-back-again");

  const left = await surroundings.sessions();
  await workbench.reload();
  await workbench.notification("Attach to mayor again?").waitFor(slow);
  await step("6-reloaded");
  await workbench.pressInNotification("Attach to mayor again?", "Attach");
  await expect.poll(() => workbench.terminalText(), soon).toContain("mayor heard: Is all well?");
  expect(await surroundings.sessions()).toEqual(left);

  await first.close();
  const second = await workspace.open(surroundings.open);
  await second.workbench.openSideBar("Gas City");
  for (const agent of agents) await second.workbench.treeItem(new RegExp(`^${agent}, running`, "u")).waitFor(soon);
  expect(await surroundings.sessions()).toEqual(left);
  await second.workbench.screenshot(`${prefix}-7-opened-again`);

  await second.workbench.runCommand("Gas City: Stop City");
  await second.workbench.pressInDialog("Stop City");
  await second.workbench.welcomeView("The city is stopped").waitFor(slow);
  expect(await namesOfSessions()).toEqual([]);
  await second.workbench.screenshot(`${prefix}-8-stopped`);
}
