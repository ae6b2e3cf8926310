import { expect, it } from "vitest";
import type { ConversationFlags, SessionConfig } from "../session-config.ts";
import { conversationFlags, withConversation } from "./conversation.ts";
import { type ResolvedProvider, bareProvider, resolveProvider } from "./resolve-provider.ts";

const key = "0e4e2b9c-5a73-4c53-8a3a-9b8f0c2d1e77";
const flags: ConversationFlags = {
  sessionIdFlag: "--session-id",
  resumeFlag: "--resume",
  resumeStyle: "flag",
  resumeCommand: "",
};
const empty = { workDir: "", env: {}, processNames: [], nudge: "", preStart: [], overlayDir: "", copyFiles: [] };

function commandOf(change: Partial<ConversationFlags>, resumes: boolean, of = key): string {
  const config: SessionConfig = { ...empty, command: "agent --fast", conversation: { ...flags, ...change } };
  return withConversation(config, of, resumes).command;
}

it("gives a new conversation its key, and goes on with one in the program's own way", () => {
  expect(commandOf({}, false)).toBe(`agent --fast --session-id ${key}`);
  expect(commandOf({}, true)).toBe(`agent --fast --resume ${key}`);
  expect(commandOf({ resumeFlag: "resume", resumeStyle: "subcommand" }, true)).toBe(`agent resume ${key} --fast`);
  expect(commandOf({ resumeCommand: "again {{.SessionKey}} --quiet" }, true)).toBe(`again ${key} --quiet`);
});

it("lets no key be anything else than one word", () => {
  expect(commandOf({}, true, "a; reboot")).toBe("agent --fast --resume 'a; reboot'");
  expect(commandOf({ resumeCommand: "again {{.SessionKey}}" }, true, "$& x")).toBe("again '$& x'");
});

it("leaves a program alone that has no conversations", () => {
  const config: SessionConfig = { ...empty, command: "agent" };
  expect(withConversation(config, key, true)).toBe(config);
});

it("knows which programs can go on, unless their agents shall begin anew", () => {
  const sources = { workspace: {}, providers: {}, hasProgram: () => true };
  const claude = resolveProvider({ name: "a", provider: "claude" }, sources) as ResolvedProvider;
  expect(conversationFlags(claude, undefined)).toEqual(flags);
  expect(conversationFlags(claude, "resume")).toEqual(flags);
  expect(conversationFlags(claude, "fresh")).toBeUndefined();
  expect(conversationFlags(bareProvider("cat", { name: "a" }), undefined)).toBeUndefined();
});
