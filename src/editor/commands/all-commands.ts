import { attach } from "./attach.ts";
import type { Command } from "./command.ts";
import { createCity } from "./create-city.ts";
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
import { stopCity } from "./stop-city.ts";

/** Every command of the extension. The manifest declares the same; a test compares them. */
export const allCommands: readonly Command[] = [
  startCity,
  stopCity,
  startAgent,
  stopAgent,
  attach,
  peek,
  nudge,
  interrupt,
  showActions,
  openCityFile,
  showResolvedConfiguration,
  createCity,
  reload,
  showOutput,
];
