import { expect, it } from "vitest";
import { runningPod } from "../../../test/pod-view.ts";
import { ContainerIntake } from "./container-intake.ts";
import type { CommandResult } from "./pod-calls.ts";

/** An intake, and the execs that it takes. */
function open() {
  const execs: string[] = [];
  const done: CommandResult = { exitCode: 3, stdout: "out", stderr: "" };
  const calls = {
    run: async (_: unknown, container: string, argv: readonly string[], { timeout = 0 }: { timeout?: number } = {}) => {
      execs.push(`${container}: ${argv.join(" ")} within ${timeout}`);
      return done;
    },
    copy: async (
      _: unknown,
      container: string,
      { source }: { source: string },
      { command = [], timeout = 0 }: { command?: readonly string[]; timeout?: number },
    ) => {
      execs.push(`${container}: unpack ${source}, ${command.join(" ")} within ${timeout}`);
      return done;
    },
  };
  return { execs, intake: new ContainerIntake(calls, runningPod(), "stage", AbortSignal.timeout(10_000)) };
}

const files = (source: string) => ({ source, destination: "/workspace", leaveOut: () => false });

it("brings files with the command behind them, which has its own time and whose end is told", async () => {
  const { execs, intake } = open();
  await intake.bring(files("city"));
  expect(execs).toEqual([]);
  expect(await intake.run(["ls"], { timeout: 5 })).toMatchObject({ exitCode: 3, stdout: "out" });
  await intake.run(["ls", "again"]);
  expect(execs).toEqual(["stage: unpack city, ls within 5", "stage: ls again within 0"]);
});

it("keeps the order of what it brings", async () => {
  const { execs, intake } = open();
  await intake.bring(files("city"));
  await intake.bring(files("rig"));
  await intake.flush();
  await intake.flush();
  expect(execs).toEqual(["stage: unpack city,  within 0", "stage: unpack rig,  within 0"]);
});
