import assert from "node:assert/strict";
import { extensions, Uri, workspace } from "vscode";
import type { GasCityApi } from "../../../src/extension.ts";
import type { CityRuntime } from "../../../src/runtime/city-runtime.ts";
import type { AgentState } from "../../../src/runtime/city-state.ts";
import { eventually } from "./eventually.ts";

/** The city of the suite's folder, as the extension opened it. */
export async function openCity(): Promise<CityRuntime> {
  const extension = extensions.getExtension<GasCityApi>("gascity.gas-city");
  const runtime = (await extension?.activate())?.runtime();
  assert.ok(runtime, "no city is open");
  return runtime;
}

/** The city's agent of this name, once `accept` holds for it. */
export async function agentOnce(
  runtime: CityRuntime,
  name: string,
  accept: (agent: AgentState) => boolean,
): Promise<AgentState> {
  const find = (): AgentState | undefined => runtime.state.agents.find((row) => row.agent === name && accept(row));
  return await eventually(runtime.onDidChange, find);
}

/** The address of a file in the suite's folder. */
export function fileOfCity(name: string): Uri {
  const root = workspace.workspaceFolders?.[0]?.uri;
  assert.ok(root, "no folder is open");
  return Uri.joinPath(root, name);
}
