import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Locator, type Page, errors } from "playwright-core";

/** Absolute path of the folder that keeps the pictures. */
export const screenshotFolder: string = resolve(fileURLToPath(import.meta.url), "../../../out/ui");
const toasts = ".notifications-toasts .notification-list-item-message";

export type Theme = "dark" | "light";
/** What VS Code calls them, in the settings and on screen. */
export const themeNames: Readonly<Record<Theme, string>> = { dark: "Dark Modern", light: "Light Modern" };

/** The workbench as a person sees it. Locators wait by themselves when acted on; all texts are the ones on screen. */
export class WorkbenchPage {
  /** For what this class has no word for. */
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Resolves when the workbench and its extension host are up. */
  async untilReady(): Promise<void> {
    await this.page.locator(".monaco-workbench .activitybar").waitFor({ timeout: 60_000 });
    await this.page.locator(".statusbar-item").first().waitFor();
    await this.statusBarItem("Activating Extensions").waitFor({ state: "hidden", timeout: 60_000 });
  }

  /** Opens the view container of this title in the side bar. */
  async openSideBar(title: string): Promise<void> {
    const action = this.page.locator(`.activitybar a.action-label[aria-label^="${title}"]`);
    await action.waitFor({ timeout: 60_000 });
    const selected = this.page.locator(`.activitybar .checked a.action-label[aria-label^="${title}"]`);
    if ((await selected.count()) === 0) await action.click();
    await selected.waitFor();
  }

  /** The row of a tree whose accessible name is this, wholly or as a pattern. */
  treeItem(name: string | RegExp): Locator {
    return this.page.getByRole("treeitem", { name, exact: true });
  }

  /** Clicks one of a tree row's inline icons, by its tooltip. They are there while the mouse is, and rows may move away from it. */
  async clickInlineAction(row: string | RegExp, action: string): Promise<void> {
    const item = this.treeItem(row);
    const icon = item.getByRole("button", { name: action }).first();
    do await item.hover();
    while (!(await clicks(icon)));
  }

  /** Chooses an entry of a tree row's context menu. */
  async chooseInContextMenu(row: string | RegExp, entry: string): Promise<void> {
    await this.treeItem(row).click({ button: "right" });
    // A click right after the one that opened the menu is taken for its end; the keyboard is not.
    await this.page.getByRole("menuitem", { name: entry, exact: true }).hover();
    await this.page.keyboard.press("Enter");
  }

  /** Runs a command through the palette by its full label, for instance `Gas City: Start City`. */
  async runCommand(label: string): Promise<void> {
    await this.page.keyboard.press("F1");
    await this.#input.waitFor();
    await this.#input.fill(`>${label}`);
    await this.quickPick(label).first().click();
  }

  /** The entry of this label in the open quick pick. */
  quickPick(label: string): Locator {
    return this.page
      .locator(".quick-input-widget .quick-input-list .monaco-list-row")
      .filter({ has: this.page.locator(".label-name", { hasText: new RegExp(`^${escapePattern(label)}$`, "u") }) });
  }

  /** Answers the open input box. */
  async answerInput(text: string): Promise<void> {
    await this.#input.fill(text);
    await this.page.keyboard.press("Enter");
  }

  /** Changes the workbench's colours. */
  async setTheme(theme: Theme): Promise<void> {
    await this.runCommand("Preferences: Color Theme");
    await this.#input.fill(themeNames[theme]);
    await this.quickPick(themeNames[theme]).first().click();
    await this.page.locator(`.monaco-workbench.${theme === "dark" ? "vs-dark" : "vs"}`).waitFor();
  }

  /** Presses a button of the open modal dialog. */
  async pressInDialog(button: string): Promise<void> {
    await this.page.locator(".monaco-dialog-box").getByRole("button", { name: button, exact: true }).click();
  }

  /** What the active text editor shows now; only lines that are on screen. */
  async editorText(): Promise<string> {
    const lines = await this.page.locator(".editor-instance .view-line").allTextContents();
    return lines.map((line) => line.replaceAll("\u00a0", " ")).join("\n");
  }

  /** Types at the end of the active text editor, as a keyboard would; a line feed is the Enter key. */
  async typeAtEnd(text: string): Promise<void> {
    await this.page.locator(".editor-instance .view-lines").first().click();
    await this.page.keyboard.press("Control+End");
    for (const [index, line] of text.split("\n").entries()) {
      if (index > 0) await this.page.keyboard.press("Enter");
      await this.page.keyboard.type(line);
    }
  }

  /** Takes the last change of the active text editor back. */
  async undo(): Promise<void> {
    await this.page.locator(".editor-instance .view-lines").first().click();
    await this.page.keyboard.press("Control+Z");
  }

  /** The words above a line of the active text editor. */
  codeLens(text: string): Locator {
    return this.page.locator(".codelens-decoration").getByText(text).first();
  }

  /** An entry of the open list of what could be written. */
  suggestion(label: string): Locator {
    return this.page
      .locator(".suggest-widget.visible .monaco-list-row")
      .filter({ has: this.page.locator(".label-name", { hasText: new RegExp(`^${escapePattern(label)}$`, "u") }) });
  }

  /** An entry of the open menu of quick fixes. */
  actionWidget(title: string): Locator {
    return this.page.locator(".action-widget .monaco-list-row").filter({ hasText: title }).first();
  }

  /** Points at the first such text of the active text editor. */
  async hoverText(text: string): Promise<void> {
    await this.page.locator(".editor-instance .view-line").getByText(text).first().hover();
  }

  /** The open hover of a text editor that contains this. */
  hover(text: string | RegExp): Locator {
    return this.page.locator(".monaco-hover").filter({ hasText: text }).first();
  }

  /** Opens a file of the workspace by its name. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press("Control+P");
    await this.#input.fill(name);
    await this.page.locator(".quick-input-widget .monaco-list-row").filter({ hasText: name }).first().waitFor();
    await this.page.keyboard.press("Enter");
    await this.page.getByRole("tab", { name }).first().waitFor();
  }

  /** What the active terminal shows now, one line a row, without trailing blanks. */
  async terminalText(): Promise<string> {
    const rows = await this.page.locator(".terminal-wrapper.active .xterm-rows > div").allTextContents();
    return rows.map((row) => row.replaceAll("\u00a0", " ").trimEnd()).join("\n");
  }

  /** Types into the active terminal as a keyboard would; a line feed is the Enter key. */
  async typeInTerminal(text: string): Promise<void> {
    await this.page.locator(".terminal-wrapper.active .xterm-helper-textarea").focus();
    for (const [index, line] of text.split("\n").entries()) {
      if (index > 0) await this.page.keyboard.press("Enter");
      await this.page.keyboard.type(line);
    }
  }

  /** The texts of the notifications that are on screen now. */
  async notifications(): Promise<string[]> {
    return await this.page.locator(toasts).allTextContents();
  }

  /** The notification that contains this text. */
  notification(text: string | RegExp): Locator {
    return this.page.locator(toasts).filter({ hasText: text });
  }

  /** Presses a button of the notification that contains this text. */
  async pressInNotification(text: string, button: string): Promise<void> {
    const toast = this.page.locator(".notifications-toasts .notification-list-item").filter({ hasText: text });
    await toast.getByRole("button", { name: button }).last().click();
  }

  /** Loads the window anew, as Developer: Reload Window does. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.untilReady();
  }

  /** The status bar's item that shows this text. */
  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator(".statusbar-item").filter({ hasText: text });
  }

  /** The welcome text of an empty view that contains this. */
  welcomeView(text: string | RegExp): Locator {
    return this.page.locator(".welcome-view-content").filter({ hasText: text });
  }

  /** Keeps a picture of the whole workbench as out/ui/NAME.png, once nothing moves any more. */
  async screenshot(name: string): Promise<void> {
    await mkdir(screenshotFolder, { recursive: true });
    await this.page.screenshot({
      path: resolve(screenshotFolder, `${name}.png`),
      animations: "disabled",
      caret: "hide",
    });
  }

  get #input(): Locator {
    return this.page.locator(".quick-input-widget input[type=text]");
  }
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/gu, String.raw`\$&`);
}

/** Clicks it, unless it cannot be clicked within a second. */
async function clicks(target: Locator): Promise<boolean> {
  try {
    await target.click({ timeout: 1000 });
    return true;
  } catch (error) {
    if (error instanceof errors.TimeoutError) return false;
    throw error;
  }
}
