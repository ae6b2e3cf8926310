import { expect, it } from "vitest";
import { configOf, recordOf, startedFrom } from "../../../test/reconciled-world.ts";
import { nextConversation } from "./conversation.ts";
import type { RecordPatch } from "./record-changes.ts";

const conversation = { sessionIdFlag: "--session-id", resumeFlag: "--resume", resumeStyle: "", resumeCommand: "" };
const started = { gascity_started: startedFrom("run") };

/** What is noted before the second generation starts, of a record that says this. */
function next(metadata: RecordPatch): string | undefined {
  const record = recordOf("gc-1", { template: "coder" }, metadata);
  const patch = nextConversation(record, { ...configOf("run"), conversation }, "new");
  expect(patch["session_key"]).toBe("");
  return patch["gascity_session_key"];
}

it("goes on with the conversation that the last incarnation had", () => {
  expect(next({})).toBe("2 new");
  expect(next({ gascity_session_key: "1 old", ...started })).toBe("1 old");
});

it("begins a new one when the last incarnation did not come up, or died at once", () => {
  expect(next({ gascity_session_key: "1 old" })).toBe("2 new");
  expect(next({ gascity_session_key: "1 old", ...started, wake_attempts: "1" })).toBe("2 new");
});

it("goes on with one that gc has begun, and takes it from gc, which would begin it a second time", () => {
  const begun = { session_key: "theirs", started_config_hash: "abc" };
  expect(next(begun)).toBe("0 theirs");
  expect(next({ ...begun, gascity_session_key: "1 old" })).toBe("0 theirs");
  expect(next({ session_key: "theirs" })).toBe("2 new");
});

it("notes nothing of a program that has no conversations", () => {
  expect(nextConversation(recordOf("gc-1", { template: "coder" }), configOf("run"), "new")).toEqual({});
});
