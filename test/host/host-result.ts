import { readFile } from "node:fs/promises";

/** What the suite in the extension host reports to the process that started the host. */
export interface HostResult {
  readonly tests: readonly { readonly title: string; readonly milliseconds: number; readonly error?: string }[];
}

/** The environment variable that carries the result file's absolute path into the extension host. */
export const resultFileVariable = "GASCITY_TEST_RESULT";

/**
 * Prints the result and says whether the run passed. The host's own exit code alone lies: it is 0 when the extension
 * host died in the middle, so only a result file with at least one test and no error counts.
 */
export async function reportResult(resultFile: string): Promise<boolean> {
  const text = await readFile(resultFile, "utf8").catch(() => undefined);
  if (text === undefined) {
    console.error("The extension host ended without a result: it crashed, or never ran the suite.");
    return false;
  }
  const { tests } = JSON.parse(text) as HostResult;
  for (const { title, milliseconds, error } of tests) {
    console.log(`${error === undefined ? "✓" : "✗"} ${title} (${milliseconds} ms)`);
    if (error !== undefined) console.log(error.replaceAll(/^/gmu, "    "));
  }
  const failed = tests.filter(({ error }) => error !== undefined).length;
  console.log(`${tests.length - failed} passed, ${failed} failed in the extension host`);
  return tests.length > 0 && failed === 0;
}
