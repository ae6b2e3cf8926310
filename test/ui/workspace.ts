import { globSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type TemporaryHome, makeTemporaryHome } from "../machine/temporary-home.ts";
import { launchBrowser, newPage } from "../workbench/browser.ts";
import { type Settings, startWorkbenchServer } from "../workbench/server.ts";
import { type Theme, WorkbenchPage, screenshotFolder, themeNames } from "./workbench-page.ts";

export interface OpenOptions {
  /** User settings on top of the quiet defaults. */
  readonly settings?: Settings;
  /** The workbench's colours; dark when left out. */
  readonly theme?: Theme;
  /** Added to the environment of the extension host and the terminals. */
  readonly environment?: Readonly<Record<string, string>>;
  /** False opens the workbench without any folder. */
  readonly withFolder?: boolean;
}

/** A workbench in a browser on the workspace's folder. Closing it is what closing the editor is for a person. */
export interface OpenWorkbench extends AsyncDisposable {
  readonly workbench: WorkbenchPage;
  readonly close: () => Promise<void>;
}

/** A folder of a person's own, opened in as many workbenches one after the other as wanted; agents outlive them. */
export class Workspace implements AsyncDisposable {
  /** Absolute path of the folder that the workbench opens. */
  readonly folder: string;
  readonly #home: TemporaryHome;
  readonly #vsix: string;
  readonly #open = new Set<OpenWorkbench>();
  #opened = 0;

  private constructor(home: TemporaryHome, vsix: string) {
    this.#home = home;
    this.#vsix = vsix;
    this.folder = join(home.folder, "work");
  }

  /** Makes an empty one; `vsix` is the absolute path of the packaged extension. */
  static async create(vsix: string): Promise<Workspace> {
    const workspace = new Workspace(await makeTemporaryHome(), vsix);
    await mkdir(workspace.folder);
    return workspace;
  }

  /** The environment in which `tmux` sees the sessions of this workspace's agents. */
  get tmuxEnvironment(): Readonly<Record<string, string>> {
    return { TMUX_TMPDIR: this.#home.tmux };
  }

  /** Writes a file, with the folders above it; `path` is relative to the folder. */
  async writeFile(path: string, text: string): Promise<void> {
    const file = join(this.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  /** Installs the extension, starts a workbench and opens the folder in it. */
  async open(options: OpenOptions = {}): Promise<OpenWorkbench> {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(
      await startWorkbenchServer({
        home: join(this.#home.folder, `editor-${(this.#opened += 1)}`),
        settings: { ...options.settings, "workbench.colorTheme": themeNames[options.theme ?? "dark"] },
        environment: { ...this.tmuxEnvironment, ...options.environment },
        extensions: [this.#vsix],
      }),
    );
    const browser = await launchBrowser();
    stack.defer(() => browser.close());
    const page = await newPage(browser);
    await page.goto(
      options.withFolder === false ? `http://127.0.0.1:${server.port}/?ew=true` : server.folderUrl(this.folder),
    );
    const workbench = new WorkbenchPage(page);
    await workbench.untilReady();
    const resources = stack.move();
    const close = async () => {
      this.#open.delete(opened);
      await resources.disposeAsync();
    };
    const opened: OpenWorkbench = {
      workbench,
      close,
      [Symbol.asyncDispose]: close,
    };
    this.#open.add(opened);
    return opened;
  }

  /** Keeps a picture of what is open and the extension's log of every workbench there was, for a failed test's reader. */
  async keepEvidence(name: string): Promise<void> {
    for (const { workbench } of this.#open) await workbench.screenshot(name);
    const logs = globSync("editor-*/**/*Gas City.log", { cwd: this.#home.folder });
    await Promise.all(
      logs.map((log, index) =>
        copyFile(join(this.#home.folder, log), join(screenshotFolder, `${name}-${index + 1}.log`)),
      ),
    );
  }

  /** Closes what is open, ends the agents and removes the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const opened of Array.from(this.#open)) await opened.close();
    await this.#home[Symbol.asyncDispose]();
  }
}
