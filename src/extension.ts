import * as vscode from "vscode";
import { diskFiles } from "./city/files/disk-files.ts";
import { chooseCityFolder, openCityFile, writeNewCity } from "./editor/city/city-file.ts";
import { startOnceStopped } from "./editor/city/start-on-open.ts";
import { WorkspaceCity } from "./editor/city/workspace-city.ts";
import { allCommands } from "./editor/commands/all-commands.ts";
import type { CommandContext } from "./editor/commands/command.ts";
import { runCommand } from "./editor/commands/run-command.ts";
import { showActions } from "./editor/commands/show-actions.ts";
import { startCity } from "./editor/commands/start-city.ts";
import { kubernetesChoices } from "./editor/configuration/kubernetes-choices.ts";
import { ContextPublisher } from "./editor/context-publisher.ts";
import { editorDialogs } from "./editor/editor-dialogs.ts";
import { CityLanguage } from "./editor/language/city-language.ts";
import { PeekDocuments } from "./editor/peek/peek-documents.ts";
import { startsOnOpen } from "./editor/settings.ts";
import { stateOf } from "./editor/situation.ts";
import { tellLostControl } from "./editor/status/lost-control.ts";
import { StatusBar } from "./editor/status/status-bar.ts";
import { AgentTerminals } from "./editor/terminal/agent-terminals.ts";
import { AgentsView } from "./editor/tree/agents-view.ts";
import type { CityRuntime } from "./runtime/city-runtime.ts";
import { logChanges } from "./runtime/log-changes.ts";
import { openCityRuntime } from "./runtime/open-city-runtime.ts";
import { programOnPath } from "./runtime/program-on-path.ts";

/** What other extensions, and the tests, get from this one. */
export interface GasCityApi {
  /** The open city, if there is one. */
  runtime(): CityRuntime | undefined;
}

/** What has to be done before this window's part of the editor ends. */
let close: () => Promise<void> = async () => {};

/** Hands control of the city back, so that the next window or controller takes it up at once. Agents go on. */
export async function deactivate(): Promise<void> {
  await close();
}

/** Composes the editor's parts around the city of this window. */
export async function activate(context: vscode.ExtensionContext): Promise<GasCityApi> {
  const own = <T extends vscode.Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const log = own(vscode.window.createOutputChannel("Gas City", { log: true }));
  const city = own(new WorkspaceCity((root) => openCityRuntime({ root, log, env: process.env, kind: "editor" })));
  const runtime = (): CityRuntime | undefined => city.runtime;
  close = () => city.close();
  const terminals = own(new AgentTerminals(runtime, context.workspaceState));
  const peeks = own(new PeekDocuments(runtime));
  const hasProgram = programOnPath(process.env);
  const language = own(new CityLanguage((root) => ({ root, files: diskFiles, env: process.env, hasProgram })));

  const commandContext: CommandContext = {
    dialogs: editorDialogs,
    situation: () => city.situation,
    runtime,
    attach: (agent) => terminals.show(agent),
    peek: (agent) => peeks.show(agent),
    showOutput: () => log.show(),
    async openCityFile() {
      const state = stateOf(city.situation);
      if (state) await openCityFile(state);
    },
    showResolvedConfiguration: () => language.showResolved(),
    configuration: language.configuration,
    cluster: kubernetesChoices,
    chooseCityFolder,
    writeNewCity,
    hasProgram,
    async execute(command) {
      await vscode.commands.executeCommand(command);
    },
  };
  for (const command of allCommands) {
    const run = (argument?: unknown, selection?: unknown): Promise<void> =>
      runCommand(command, commandContext, argument, selection);
    own(vscode.commands.registerCommand(command.id, run));
  }

  const views = [new ContextPublisher(), own(new AgentsView()), own(new StatusBar(showActions.id)), language];
  own(
    city.onDidChange((situation) => {
      for (const view of views) view.update(situation);
    }),
  );
  own(
    city.onDidOpen((opened) => {
      terminals.offerAgain(opened);
      logChanges(opened, log);
      tellLostControl(opened, editorDialogs);
      if (startsOnOpen()) startOnceStopped(opened, () => void runCommand(startCity, commandContext));
    }),
  );
  await city.look();
  return { runtime };
}
