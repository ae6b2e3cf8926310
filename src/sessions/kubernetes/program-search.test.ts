import { describe, expect, it } from "vitest";
import { anyRuns } from "./program-search.ts";

/** Answers with these exit codes, one after the other; `asked` are the programs. */
function searching(...exitCodes: number[]): { asked: string[]; search: Parameters<typeof anyRuns>[0]["search"] } {
  const asked: string[] = [];
  const search = async (program: string): Promise<{ exitCode: number; output: string }> => {
    asked.push(program);
    return { exitCode: exitCodes.shift() ?? 1, output: "" };
  };
  return { asked, search };
}

describe("anyRuns", () => {
  it("asks for one program after the other until one runs", async () => {
    const where = searching(1, 0);
    await expect(anyRuns(where, ["claude", "^node .*/codex", "bash"])).resolves.toBe(true);
    expect(where.asked).toEqual(["claude", "^node .*/codex"]);
  });

  it("says no when none runs", async () => {
    await expect(anyRuns(searching(1, 1), ["claude", "node"])).resolves.toBe(false);
  });

  it.each([
    [127, "has no pgrep"],
    [2, "exit code is 2"],
  ])("does not take a search that failed with %d for a death", async (exitCode, reason) => {
    await expect(anyRuns(searching(exitCode), ["claude"])).rejects.toMatchObject({
      problem: { code: "search-failed", reason: expect.stringContaining(reason) },
    });
  });
});
