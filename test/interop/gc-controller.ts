import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, vi } from "vitest";
import { pingController } from "../../src/controller/control/ask-controller.ts";
import { controllerSocketPath } from "../../src/controller/control/controller-files.ts";
import { gc, gcEnvironment } from "./gc.ts";

const patience = { timeout: 15_000, interval: 20 };

/** gc's own controller at work in a city. */
export interface GcController {
  readonly pid: number;
  /** How often it has looked at the work that is there, as it does in each of its rounds. */
  readonly ticks: () => number;
  /** Kills it as a crash would; its sessions go on. Resolves once it is gone. */
  kill(): Promise<void>;
}

/** Runs gc's own controller in the city until `own` ends; resolves once it answers. `variables` are more of its environment. */
export async function startGc(
  root: string,
  own: AsyncDisposableStack,
  variables: NodeJS.ProcessEnv = {},
): Promise<GcController> {
  // It starts only in a folder that gc has seen before.
  mkdirSync(join(root, ".gc"), { recursive: true });
  const options = { env: { ...gcEnvironment(root), ...variables }, cwd: root };
  const child = spawn(gc ?? "", ["start", "--foreground", "--city", root], {
    ...options,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let ticks = 0;
  createInterface(child.stderr).on("line", (line) => (ticks += Number(line.startsWith("assignedWorkBeads:"))));
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  };
  own.defer(async () => {
    await kill();
    rmSync(controllerSocketPath(root), { force: true });
  });
  await vi.waitFor(async () => expect(await pingController(root)).toBe(child.pid), patience);
  return { pid: child.pid ?? 0, ticks: () => ticks, kill };
}
