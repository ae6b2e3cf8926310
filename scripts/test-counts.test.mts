import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hostCounts, reconcile, vitestCounts } from "./test-counts.mts";

describe("reconcile", () => {
  test("a single check is one test", () => {
    expect(reconcile(undefined, 0)).toEqual({ passed: 1, failed: 0, failures: [] });
    expect(reconcile(undefined, 1)).toEqual({ passed: 0, failed: 1, failures: [] });
  });

  test("a suite that failed has a failure, whatever it counted", () => {
    const failures = ["a\nno"];
    expect(reconcile({ passed: 7, failed: 0, failures: [] }, 1)).toEqual({ passed: 7, failed: 1, failures: [] });
    expect(reconcile({ passed: 7, failed: 3, failures }, 1)).toEqual({ passed: 7, failed: 3, failures });
  });

  test("a suite that ran nothing has failed", () => {
    expect(reconcile({ passed: 0, failed: 0, failures: [] }, 0)).toEqual({ passed: 0, failed: 1, failures: [] });
  });
});

describe("reports", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "gascity-"))));
  afterEach(() => rm(folder, { recursive: true }));

  async function report(content: object): Promise<string> {
    const file = join(folder, "report.json");
    await writeFile(file, JSON.stringify(content));
    return file;
  }

  test("what vitest skipped has failed when strict", async () => {
    const counts = { numPassedTests: 4, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };
    const file = await report({ ...counts, testResults: [] });
    expect(await vitestCounts(file, false)).toMatchObject({ passed: 4, failed: 1 });
    expect(await vitestCounts(file, true)).toMatchObject({ passed: 4, failed: 4 });
  });

  test("what failed says so, be it a test or a whole file", async () => {
    const counts = { numPassedTests: 1, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0 };
    const assertionResults = [{ fullName: "a" }, { fullName: "b", failureMessages: ["no"] }];
    const testResults = [
      { name: "x", message: "", assertionResults },
      { name: "y", message: "cannot be read", assertionResults: [] },
    ];
    const { failures } = await vitestCounts(await report({ ...counts, testResults }), true);
    expect(failures).toEqual(["b\nno", "y\ncannot be read"]);
  });

  test("a host's test with an error has failed", async () => {
    const file = await report({ tests: [{ title: "a" }, { title: "b", error: "no" }] });
    expect(await hostCounts(file, true)).toEqual({ passed: 1, failed: 1, failures: ["b\nno"] });
  });

  test("a missing report is an error", async () => {
    await expect(vitestCounts(join(folder, "none.json"), true)).rejects.toThrow("ENOENT");
  });
});
