import { readFile } from "node:fs/promises";
import type { HostResult } from "../test/host/host-result.ts";

/** How many tests of a suite passed and failed. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

/** Reads the counts a suite left behind; what was skipped counts as failed when `strict`. Throws when there is no such file. */
export type ReadCounts = (file: string, strict: boolean) => Promise<TestCounts>;

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

/** Counts of a report by vitest's json reporter. */
export const vitestCounts: ReadCounts = async (file, strict) => {
  const report = JSON.parse(await readFile(file, "utf8")) as VitestReport;
  const skipped = report.numPendingTests + report.numTodoTests;
  return { passed: report.numPassedTests, failed: report.numFailedTests + (strict ? skipped : 0) };
};

/** Counts of the result file that the suite in the extension host writes. */
export const hostCounts: ReadCounts = async (file) => {
  const { tests } = JSON.parse(await readFile(file, "utf8")) as HostResult;
  const failed = tests.filter(({ error }) => error !== undefined).length;
  return { passed: tests.length - failed, failed };
};

/**
 * The counts in agreement with the suite's exit code: a suite that failed, or that ran nothing, has at least one failure.
 * Without counts (a suite that is one check) the exit code alone is the test.
 */
export function reconcile(counts: TestCounts | undefined, exitCode: number): TestCounts {
  const { passed, failed } = counts ?? { passed: exitCode === 0 ? 1 : 0, failed: 0 };
  const mustFail = exitCode !== 0 || passed + failed === 0;
  return { passed, failed: mustFail ? Math.max(1, failed) : failed };
}
