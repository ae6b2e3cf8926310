import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { defaultSlingQuery, defaultWorkQuery } from "./work-query.ts";

const folder = mkdtempSync(join(tmpdir(), "work-query-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Stands for bd: notes how it is called, and finds something when it is called with all words of $FOUND. */
const bd = `#!/bin/sh
echo "$*" >> "$LOG"
case "$*" in *"$FOUND"*) echo '[{"id":"x"}]' ;; *) echo '[]' ;; esac
`;
writeFileSync(join(folder, "bd"), bd);
chmodSync(join(folder, "bd"), 0o755);

function run(found: string, env: Record<string, string>): { result: string; calls: readonly string[] } {
  const log = join(folder, "log");
  writeFileSync(log, "");
  const result = execFileSync("sh", ["-c", defaultWorkQuery("api/it's")], {
    env: { PATH: `${folder}:${process.env["PATH"]}`, LOG: log, FOUND: found, ...env },
  });
  const calls = execFileSync("cat", [log]).toString().trim().split("\n");
  return { result: result.toString(), calls };
}

const session = { GC_SESSION_ID: "gc-1", GC_SESSION_NAME: "api--a", GC_ALIAS: "api/a" };
const work = '[{"id":"x"}]';

describe("the default work query", () => {
  it("takes what the session is at, by whichever of its names", () => {
    const { result, calls } = run("in_progress --assignee=api/a", session);
    expect(result).toBe(work);
    expect(calls).toEqual([
      "list --status in_progress --assignee=gc-1 --json --limit=1",
      "list --status in_progress --assignee=api--a --json --limit=1",
      "list --status in_progress --assignee=api/a --json --limit=1",
    ]);
  });

  it("then what waits for the session", () => {
    expect(run("ready --assignee=gc-1", session).result).toBe(work);
  });

  it("then, for a pool's session, what is routed to its agent", () => {
    expect(run("ready --metadata-field gc.routed_to=api/it's --unassigned", session).result).toBe(work);
    expect(run("--status=open --type=molecule", { ...session, GC_SESSION_ORIGIN: "ephemeral" }).result).toContain("x");
  });

  it("but leaves that alone for a session of its own", () => {
    const { result, calls } = run("routed_to", { ...session, GC_SESSION_ORIGIN: "named" });
    expect(result).toBe("");
    expect(calls.filter((call) => call.includes("routed_to"))).toEqual([]);
  });

  it("asks for nobody where the session has no names", () => {
    expect(run("--assignee=", {}).result).toBe("[]\n");
  });
});

it("the default sling query names the agent", () => {
  expect(defaultSlingQuery("api/coder")).toBe("bd update {} --set-metadata gc.routed_to=api/coder");
});
