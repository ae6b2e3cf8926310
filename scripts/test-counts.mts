import { readFile } from "node:fs/promises";
import type { HostResult } from "../test/host/host-result.ts";

/** How many tests of a suite passed and failed, and what the failed ones said: the title, then the message. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly string[];
}

/** Reads the counts a suite left behind; what was skipped counts as failed when `strict`. Throws when there is no such file. */
export type ReadCounts = (file: string, strict: boolean) => Promise<TestCounts>;

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    /** Of a file that could not be loaded. */
    readonly message: string;
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly failureMessages?: readonly string[] }[];
  }[];
}

/** Counts of a report by vitest's json reporter. */
export const vitestCounts: ReadCounts = async (file, strict) => {
  const report = JSON.parse(await readFile(file, "utf8")) as VitestReport;
  const skipped = report.numPendingTests + report.numTodoTests;
  const failures = report.testResults.flatMap(({ name, message, assertionResults }) => [
    ...(message === "" ? [] : [`${name}\n${message}`]),
    ...assertionResults.flatMap(({ fullName, failureMessages = [] }) =>
      failureMessages.map((failure) => `${fullName}\n${failure}`),
    ),
  ]);
  return { passed: report.numPassedTests, failed: report.numFailedTests + (strict ? skipped : 0), failures };
};

/** Counts of the result file that the suite in the extension host writes. */
export const hostCounts: ReadCounts = async (file) => {
  const { tests } = JSON.parse(await readFile(file, "utf8")) as HostResult;
  const failures = tests.flatMap(({ title, error }) => (error === undefined ? [] : [`${title}\n${error}`]));
  return { passed: tests.length - failures.length, failed: failures.length, failures };
};

/**
 * The counts in agreement with the suite's exit code: a suite that failed, or that ran nothing, has at least one failure.
 * Without counts (a suite that is one check) the exit code alone is the test.
 */
export function reconcile(counts: TestCounts | undefined, exitCode: number): TestCounts {
  const { passed, failed, failures } = counts ?? { passed: exitCode === 0 ? 1 : 0, failed: 0, failures: [] };
  const mustFail = exitCode !== 0 || passed + failed === 0;
  return { passed, failed: mustFail ? Math.max(1, failed) : failed, failures };
}
