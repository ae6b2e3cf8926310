import * as vscode from "vscode";
import { startOnOpen } from "./setting-keys.ts";

/** Whether to start the city as soon as its folder opens. */
export function startsOnOpen(): boolean {
  return vscode.workspace.getConfiguration().get(startOnOpen.key, startOnOpen.default);
}
