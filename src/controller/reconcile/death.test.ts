import { describe, expect, it } from "vitest";
import { noon, recordOf } from "../../../test/reconciled-world.ts";
import { sessionRecord, type SessionRecord } from "./session-record.ts";
import { failedToStart, retryAt } from "./death.ts";

/** The record after so many failed starts in a row, one a minute. */
function failed(
  times: number,
  blameless: boolean,
): { readonly record: SessionRecord; readonly until?: number | undefined } {
  let metadata: Readonly<Record<string, string>> = {};
  let until: number | undefined;
  let record = recordOf("gc-1", { template: "coder" });
  for (let time = 0; time < times; time += 1) {
    const { patch, quarantinedUntil } = failedToStart(record, noon, { blameless });
    metadata = Object.assign(metadata, patch);
    until = quarantinedUntil;
    record = sessionRecord({ id: "gc-1", metadata, createdAt: noon });
  }
  return { record, until };
}

describe("a start that fails", () => {
  it("again and again brings the session into quarantine at the fifth time", () => {
    expect(failed(4, false).until).toBeUndefined();
    expect(failed(5, false).until).toBe(noon + 300_000);
  });

  it("for the cluster's sake is tried again every two seconds, however often", () => {
    const { record, until } = failed(100, true);
    expect(until).toBeUndefined();
    expect(retryAt(record, noon)).toBe(noon + 2000);
  });
});
