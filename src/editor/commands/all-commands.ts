import { attach } from "./attach.ts";
import type { Command } from "./command.ts";
import { addAgent } from "./configuration/add-agent.ts";
import { renameAgent } from "./configuration/rename-agent.ts";
import { suspendAgent } from "./configuration/suspend-agent.ts";
import { resumeAgent } from "./configuration/resume-agent.ts";
import { removeAgent } from "./configuration/remove-agent.ts";
import { setPoolSize } from "./configuration/set-pool-size.ts";
import { addNamedSession } from "./configuration/add-named-session.ts";
import { renameNamedSession } from "./configuration/rename-named-session.ts";
import { removeNamedSession } from "./configuration/remove-named-session.ts";
import { addRig } from "./configuration/add-rig.ts";
import { renameRig } from "./configuration/rename-rig.ts";
import { suspendRig } from "./configuration/suspend-rig.ts";
import { resumeRig } from "./configuration/resume-rig.ts";
import { removeRig } from "./configuration/remove-rig.ts";
import { addProvider } from "./configuration/add-provider.ts";
import { suspendCity } from "./configuration/suspend-city.ts";
import { resumeCity } from "./configuration/resume-city.ts";
import { chooseImage } from "./configuration/choose-image.ts";
import { chooseNamespace } from "./configuration/choose-namespace.ts";
import { chooseContext } from "./configuration/choose-context.ts";
import { createCity } from "./create-city.ts";
import { fetchPacks } from "./fetch-packs.ts";
import { interrupt } from "./interrupt.ts";
import { nudge } from "./nudge.ts";
import { openCityFile } from "./open-city-file.ts";
import { peek } from "./peek.ts";
import { reload } from "./reload.ts";
import { showActions } from "./show-actions.ts";
import { showOutput } from "./show-output.ts";
import { showResolvedConfiguration } from "./show-resolved-configuration.ts";
import { startAgent } from "./start-agent.ts";
import { startCity } from "./start-city.ts";
import { stopAgent } from "./stop-agent.ts";
import { takeOverCity } from "./take-over-city.ts";
import { wakeAgent } from "./wake-agent.ts";
import { stopCity } from "./stop-city.ts";

/** Every command of the extension. The manifest declares the same; a test compares them. */
export const allCommands: readonly Command[] = [
  startCity,
  stopCity,
  takeOverCity,
  startAgent,
  stopAgent,
  wakeAgent,
  attach,
  peek,
  nudge,
  interrupt,
  showActions,
  openCityFile,
  showResolvedConfiguration,
  fetchPacks,
  addAgent,
  renameAgent,
  suspendAgent,
  resumeAgent,
  removeAgent,
  setPoolSize,
  addNamedSession,
  renameNamedSession,
  removeNamedSession,
  addRig,
  renameRig,
  suspendRig,
  resumeRig,
  removeRig,
  addProvider,
  suspendCity,
  resumeCity,
  chooseImage,
  chooseNamespace,
  chooseContext,
  createCity,
  reload,
  showOutput,
];
